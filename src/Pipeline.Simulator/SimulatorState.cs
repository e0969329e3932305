using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Scenarios;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>What the control port and the host may look at.</summary>
internal sealed class SimulatorState(TimeProvider clock, ConnectionTable connections, MarketWorld? world, Recording? recording)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly RateMeter _rate = new(clock);

    public TimeProvider Clock { get; } = clock;

    public ConnectionTable Connections { get; } = connections;

    /// <summary>Null in replay mode.</summary>
    public MarketWorld? World { get; } = world;

    /// <summary>Null in engine mode.</summary>
    public Recording? Recording { get; } = recording;

    public required FaultBoard Faults { get; init; }

    public required Transcript Transcript { get; init; }

    public ClientLedgers Ledgers { get; } = new();

    /// <summary>Null when there is no script.</summary>
    public ScenarioRunner? Scenario { get; set; }

    /// <summary>As many frames as clients take.</summary>
    public bool IsLoad { get; init; }

    public string Mode => World is null ? "replay" : IsLoad ? "load" : "engine";

    public SimulatorTotals Totals() => new()
    {
        Mode = Mode,
        Symbols = World?.Engines.Count ?? 0,
        Uptime = Clock.GetElapsedTime(_start),
        ConnectionsOpen = Connections.OpenCount,
        ConnectionsOpened = Connections.Opened,
        FramesSent = Connections.FramesSent,
        FramesPerSecond = _rate.Look(Connections.FramesSent),
        FaultsActive = Faults.Active.Count,
        BytesSent = Connections.BytesSent,
        UnsentBytes = Connections.UnsentBytes,
        Trades = World?.Read(() => World.Engines.Sum(engine => engine.Truth.Count)) ?? 0,
        Lag = TimeSpan.FromMicroseconds(World?.Lag ?? 0),
        Ends = Connections.Ends,
    };
}
