namespace Pipeline.SocketIo.EngineIo;

/// <summary>Why an Engine.IO session ended.</summary>
public enum EngineCloseReason
{
    /// <summary>The client closed it, or its connection.</summary>
    TransportClose,

    /// <summary>The connection broke, a poll was aborted, or the client spoke out of turn.</summary>
    TransportError,

    /// <summary>No pong in time.</summary>
    PingTimeout,

    /// <summary>What the client sent is no packet.</summary>
    ParseError,

    /// <summary>Took what it was sent too slowly.</summary>
    SlowClient,

    /// <summary>The server closed it.</summary>
    ForcedClose,

    /// <summary>The server is shutting down.</summary>
    ServerShutdown,
}
