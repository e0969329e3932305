namespace Pipeline.SocketIo.EngineIo;

/// <summary>What a request with data did to its session.</summary>
internal enum PostOutcome
{
    Taken,

    /// <summary>The client closes.</summary>
    PeerCloses,

    /// <summary>What came is no packet, or came out of turn.</summary>
    Broken,
}
