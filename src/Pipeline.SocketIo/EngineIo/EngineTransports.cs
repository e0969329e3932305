namespace Pipeline.SocketIo.EngineIo;

/// <summary>Ways to reach the server.</summary>
[Flags]
public enum EngineTransports
{
    None = 0,

    /// <summary>HTTP long-polling.</summary>
    Polling = 1,

    /// <summary>WebSocket.</summary>
    WebSocket = 2,

    All = Polling | WebSocket,
}
