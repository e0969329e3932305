using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>What the control port and the host may look at.</summary>
internal sealed class SimulatorState(TimeProvider clock, ConnectionTable connections, MarketWorld? world, Recording? recording)
{
    private readonly long _start = clock.GetTimestamp();

    public TimeProvider Clock { get; } = clock;

    public ConnectionTable Connections { get; } = connections;

    /// <summary>Null in replay mode.</summary>
    public MarketWorld? World { get; } = world;

    /// <summary>Null in engine mode.</summary>
    public Recording? Recording { get; } = recording;

    public string Mode => World is null ? "replay" : "engine";

    public SimulatorTotals Totals() => new()
    {
        Mode = Mode,
        Symbols = World?.Engines.Count ?? 0,
        Uptime = Clock.GetElapsedTime(_start),
        ConnectionsOpen = Connections.OpenCount,
        ConnectionsOpened = Connections.Opened,
        FramesSent = Connections.FramesSent,
        BytesSent = Connections.BytesSent,
        UnsentBytes = Connections.UnsentBytes,
        Trades = World?.Read(() => World.Engines.Sum(engine => engine.Truth.Count)) ?? 0,
        Lag = TimeSpan.FromMicroseconds(World?.Lag ?? 0),
        Ends = Connections.Ends,
    };
}
