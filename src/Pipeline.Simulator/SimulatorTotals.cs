namespace Pipeline.Simulator;

/// <summary>The simulator in figures.</summary>
public sealed record SimulatorTotals
{
    /// <summary><c>engine</c>, <c>load</c> or <c>replay</c>.</summary>
    public required string Mode { get; init; }

    public required int Symbols { get; init; }

    /// <summary>Since the start, by the simulator's clock.</summary>
    public required TimeSpan Uptime { get; init; }

    public required int ConnectionsOpen { get; init; }

    /// <summary>Handshakes completed since the start.</summary>
    public required long ConnectionsOpened { get; init; }

    /// <summary>Frames of all connections that the sockets took.</summary>
    public required long FramesSent { get; init; }

    /// <summary>Of late: since the figures were asked for before, at least half a second ago.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Faults that are switched on.</summary>
    public required int FaultsActive { get; init; }

    public required long BytesSent { get; init; }

    /// <summary>Bytes that wait for clients to read.</summary>
    public required long UnsentBytes { get; init; }

    /// <summary>Trades made since the start, over all symbols.</summary>
    public required long Trades { get; init; }

    /// <summary>How late the oldest due event is; more than some milliseconds means rates above the machine's strength.</summary>
    public required TimeSpan Lag { get; init; }

    /// <summary>Connections ended by the simulator, by reason, such as <c>1008 Pong timeout</c> or <c>unsent bytes</c>.</summary>
    public required IReadOnlyDictionary<string, long> Ends { get; init; }
}
