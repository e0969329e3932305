namespace Pipeline.Fanout.Frames;

/// <summary>What <see cref="FrameReader"/> found.</summary>
internal enum FrameKind
{
    /// <summary>Nothing whole yet.</summary>
    Incomplete,

    /// <summary>A whole message.</summary>
    Message,

    Ping,
    Pong,
    Close,

    /// <summary>The client broke the protocol or a limit.</summary>
    Fault,
}
