using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Every figure of the data path, under one meter. What flows is counted per batch; only what goes wrong is counted one by one.
/// Readable in process for the status table.
/// Tags are venue, connection, reason, kind and topic: never an instrument, whose number is unbounded. A file for each topic.
/// </summary>
public sealed partial class PipelineMetrics : IDisposable
{
    public const string MeterName = "Pipeline";

    private readonly Meter _meter;
    private readonly CounterSet _counters;
    private readonly ConcurrentDictionary<string, QueueGauge> _queues = new(StringComparer.Ordinal);
    private readonly LegBoard _legs;

    public PipelineMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _counters = new CounterSet(_meter);
        _feed = new(_counters);
        _graph = new(_counters);
        _repair = new(_counters);
        _books = new(_counters);
        _streams = new(_counters);
        _venues = new(_counters);
        _kafka = new(_counters);
        _audit = new(_counters);
        _gateway = new(_counters);
        _legs = new LegBoard(_meter);
        MakeGauges();
    }

    /// <summary>What the figures of <see cref="Snapshot"/> are.</summary>
    public IEnumerable<MetricFamily> Families => [.. _counters.All.Select(counter => counter.Family), .. Gauges];

    public IReadOnlyCollection<QueueGauge> Queues => [.. _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>Connections that carried the same streams side by side, and how each did.</summary>
    public IReadOnlyList<LegStatistics> Legs => _legs.Read();

    /// <summary>Registers a place where data can wait; registering the name again replaces it.</summary>
    public void AddQueue(string name, Func<long> length, long capacity) => _queues[name] = new QueueGauge(name, length, capacity);

    /// <summary>The figures of a leg in one lane, which that lane alone writes. Asked for once a lane and leg.</summary>
    internal LegFigures AddLeg(string venue, string connection) => _legs.Add(venue, connection);

    /// <summary>All counters as they stand, the traffic and the budgets.</summary>
    public IReadOnlyList<MetricSample> Snapshot()
    {
        var samples = new List<MetricSample>();
        foreach (var counter in _counters.All)
        {
            counter.CopyTo(samples);
        }

        CopyGauges(samples);
        return samples;
    }

    public void Dispose() => _meter.Dispose();
}
