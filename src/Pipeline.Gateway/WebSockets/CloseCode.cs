using Pipeline.Fanout;

namespace Pipeline.Gateway.WebSockets;

/// <summary>Why the gateway closes a client, and what the client should do.</summary>
/// <param name="Code">WebSocket close code.</param>
/// <param name="Name">Stable name, first word of the close reason.</param>
/// <param name="Text">For people.</param>
/// <param name="RetryAfterMs">How long to wait before connecting again; -1 = not before something was changed.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record CloseCode(int Code, string Name, string Text, int RetryAfterMs, string Advice)
{
    /// <summary>What stands in the close frame: at most 123 bytes.</summary>
    public string Reason { get; } = RetryAfterMs < 0 ? $"{Name} reconnect=no" : FormattableString.Invariant($"{Name} retryAfterMs={RetryAfterMs} reconnect=yes");

    /// <summary>For the options of a link.</summary>
    public LinkClosure Closure => new(Code, Reason, ByPeer: false);
}
