namespace Pipeline.Gateway.WebSockets;

/// <summary>Every code with which the gateway closes a client of <c>/ws</c>. The table in README.md is held against this one by a test.</summary>
internal static class CloseCodes
{
    public static readonly CloseCode GoingAway = new(
        1001, "GOING_AWAY", "The server is being stopped or restarted.", 1000, "Connect again, here or to another gateway, and resume.");

    public static readonly CloseCode ProtocolError = new(
        1002, "PROTOCOL_ERROR", "What came is not WebSocket (RFC 6455).", -1, "Use another WebSocket library.");

    public static readonly CloseCode Unsupported = new(
        1003, "BINARY_NOT_SUPPORTED", "A binary message; the protocol is text.", -1, "Send JSON as text.");

    public static readonly CloseCode InvalidText = new(
        1007, "INVALID_TEXT", "A text message that is not UTF-8.", -1, "Send JSON as UTF-8.");

    public static readonly CloseCode TooLarge = new(
        1009, "MESSAGE_TOO_LARGE", "A message larger than the server takes.", -1, "Split the subscription.");

    public static readonly CloseCode Internal = new(
        1011, "INTERNAL", "The server failed to serve this client.", 5000, "Connect again and resume.");

    public static readonly CloseCode SlowClient = new(
        4000, "SLOW_CLIENT", "Trades or final candles could not be delivered in time.", 1000, "Connect again, resume, and read faster or subscribe to less.");

    public static readonly CloseCode NoSubscription = new(
        4001, "NO_SUBSCRIPTION", "Nothing was subscribed for too long.", 0, "Connect when there is something to subscribe to.");

    public static readonly CloseCode RateLimited = new(
        4002, "RATE_LIMITED", "Too many messages, in spite of warnings.", 30_000, "Send fewer messages: one subscription may have many symbols.");

    public static readonly CloseCode TooManyErrors = new(
        4003, "TOO_MANY_ERRORS", "Too many messages that are no requests.", 30_000, "Check what is sent against the description of the protocol.");

    public static readonly CloseCode Idle = new(
        4004, "IDLE", "Neither a frame nor a pong for too long.", 0, "Connect again and resume.");

    public static readonly CloseCode TokenExpired = new(
        4005, "TOKEN_EXPIRED", "The token with which the client came has ended.", 0, "Connect again with a new token, and resume.");

    public static readonly CloseCode MemoryShed = new(
        4006, "MEMORY", "The server needs memory and lets the slowest go.", 5000, "Connect again and resume.");

    public static readonly CloseCode Disconnected = new(
        4007, "DISCONNECTED", "The operator has disconnected this client.", 10_000, "Ask the operator.");

    public static readonly CloseCode Overloaded = new(
        4008, "OVERLOADED", "The server cannot take the request in now.", 2000, "Connect again, here or to another gateway, and resume.");

    /// <summary>In order of their numbers.</summary>
    public static IReadOnlyList<CloseCode> All { get; } =
    [
        GoingAway, ProtocolError, Unsupported, InvalidText, TooLarge, Internal, SlowClient, NoSubscription, RateLimited, TooManyErrors, Idle, TokenExpired, MemoryShed,
        Disconnected, Overloaded,
    ];

    /// <summary>By code, for what a link decides by itself.</summary>
    public static IReadOnlyDictionary<int, string> Reasons { get; } = All.ToDictionary(static one => one.Code, static one => one.Reason);
}
