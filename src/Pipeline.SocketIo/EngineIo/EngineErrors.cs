namespace Pipeline.SocketIo.EngineIo;

/// <summary>Refusals of requests: code and text are those that clients of the protocol know.</summary>
internal static class EngineErrors
{
    public static readonly EngineError UnknownTransport = new(400, 0, "Transport unknown");
    public static readonly EngineError UnknownSession = new(400, 1, "Session ID unknown");
    public static readonly EngineError BadHandshakeMethod = new(400, 2, "Bad handshake method");
    public static readonly EngineError BadRequest = new(400, 3, "Bad request");
    public static readonly EngineError Forbidden = new(403, 4, "Forbidden");
    public static readonly EngineError UnsupportedVersion = new(400, 5, "Unsupported protocol version");
    public static readonly EngineError TooMany = new(503, 4, "Too many connections");
    public static readonly EngineError TooLarge = new(413, 3, "Payload too large");
}
