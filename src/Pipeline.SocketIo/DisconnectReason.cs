namespace Pipeline.SocketIo;

/// <summary>Why a client left a namespace.</summary>
public enum DisconnectReason
{
    /// <summary>The client left the namespace; its connection may go on.</summary>
    ClientLeft,

    /// <summary>The server had it leave the namespace.</summary>
    ServerDisconnected,

    /// <summary>The client closed its connection.</summary>
    TransportClose,

    /// <summary>The connection broke.</summary>
    TransportError,

    /// <summary>The client did not answer a ping.</summary>
    PingTimeout,

    /// <summary>The client sent what is no packet.</summary>
    ParseError,

    /// <summary>The client took what it was sent too slowly.</summary>
    SlowClient,

    /// <summary>The server closed the connection.</summary>
    ForcedClose,

    /// <summary>The server is shutting down.</summary>
    ServerShutdown,
}
