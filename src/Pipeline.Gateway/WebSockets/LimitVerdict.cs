namespace Pipeline.Gateway.WebSockets;

/// <summary>What becomes of a client's message.</summary>
internal enum LimitVerdict
{
    Pass,

    /// <summary>One too many; the client is told.</summary>
    Refuse,

    /// <summary>It was told already.</summary>
    Ignore,
}
