namespace Pipeline.Simulator.Faults;

/// <summary>Where a fault strikes; which filters it takes follows from it.</summary>
internal enum FaultLayer
{
    /// <summary>Before there is a connection: neither connection nor stream.</summary>
    Handshake,

    /// <summary>A connection as a whole.</summary>
    Connection,

    /// <summary>Frames of market data on their way out.</summary>
    Frames,

    /// <summary>What a client asks, and the answers.</summary>
    Requests,

    /// <summary>The markets themselves, for all connections alike.</summary>
    World,

    /// <summary>HTTP answers.</summary>
    Rest,

    /// <summary>Asked for by the dialect, in the middle of its own work.</summary>
    Dialect,
}
