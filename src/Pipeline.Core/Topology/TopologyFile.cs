using Pipeline.Core.Audit;
using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Graph;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Topology;

/// <summary>A topology file as read: what runs, where it connects and within which bounds. Immutable.</summary>
public sealed record TopologyFile
{
    /// <summary>Where it was read from, as the user named it.</summary>
    public string Path { get; init; } = "";

    public ClockMode Clock { get; init; } = ClockMode.System;

    public KafkaOptions Kafka { get; init; } = new();

    /// <summary>Venues by name, in the file's order.</summary>
    public IReadOnlyList<VenueOptions> Venues { get; init; } = [];

    public CandleOptions Candles { get; init; } = new();

    public BookOptions Books { get; init; } = new();

    public RepairOptions Repair { get; init; } = new();

    public DisplayFilterOptions DisplayFilter { get; init; } = new();

    public RestartOptions Restart { get; init; } = new();

    public AuditOptions Audit { get; init; } = new();

    public RecordOptions Record { get; init; } = new();

    public GraphOptions Graph { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    public LogOptions Log { get; init; } = new();

    public CollectorOptions Collector { get; init; } = new();

    /// <summary>The gateway; null = <c>pipeline up</c> starts none.</summary>
    public GatewayOptions? Gateway { get; init; }

    public HistoryOptions History { get; init; } = new();

    /// <summary>The offline exchange; null = none is started.</summary>
    public SimulatorOptions? Simulator { get; init; }
}
