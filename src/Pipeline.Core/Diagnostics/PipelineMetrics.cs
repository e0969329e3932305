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

    /// <summary>Of figures that stand beside the process' own and are nobody's business.</summary>
    public const string UnseenMeterName = "Pipeline.Unseen";

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly MetricSet _metrics;
    private readonly ConcurrentDictionary<string, QueueGauge> _queues = new(StringComparer.Ordinal);
    private readonly LegBoard _legs;

    /// <param name="factory">Makes the meter, and disposes of it; null = one of its own, which ends with this.</param>
    /// <param name="meterName">
    /// <see cref="UnseenMeterName"/> for figures beside the process' own: who exports takes two meters of one name for one, and drops both when
    /// one of them ends.
    /// </param>
    public PipelineMetrics(IMeterFactory? factory = null, string meterName = MeterName)
    {
        _ownsMeter = factory is null;
        _meter = factory?.Create(meterName) ?? new Meter(meterName);
        _metrics = new MetricSet(_meter);
        var (collector, gateway) = (_metrics.Of(MetricOwner.Collector), _metrics.Of(MetricOwner.Gateway));
        _stages = _metrics.AddLatency(
            "pipeline.stage.latency", "How long a stage of the way takes, one observation for whatever came together", "stage", "venue");
        WatchStages(_metrics);
        _feed = new(collector);
        WatchFeeds(collector);
        _graph = new(collector);
        WatchCandles(collector);
        _repair = new(collector);
        _books = new(collector);
        _streams = new(collector);
        WatchStreams(collector);
        _venues = new(collector);
        WatchBudgets(collector);
        _kafka = new(collector);
        _audit = new(collector);
        _ownership = new(collector);
        _gateway = new(gateway);
        WatchGateway(gateway);
        _historyQueries = gateway.AddLatency("pipeline.history.query", "From a question for candles to its answer");
        _historyCommits = gateway.AddLatency("pipeline.history.commit", "Time of one transaction of the store");
        WatchCandleService(gateway);
        WatchHistory(gateway);
        _matches = gateway.AddLatency("pipeline.gateway.match", "One turn of records: finding their clients and handing them over");
        _legs = new LegBoard(collector);
        WatchQueues(_metrics);
        WatchProcess(_metrics);
    }

    /// <summary>What the figures of <see cref="Snapshot"/> are, and the distributions.</summary>
    public IEnumerable<MetricFamily> Families => _metrics.All.Select(metric => metric.Family);

    public IReadOnlyCollection<QueueGauge> Queues => [.. _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>Connections that carried the same streams side by side, and how each did.</summary>
    public IReadOnlyList<LegStatistics> Legs => _legs.Read();

    /// <summary>Registers a place where data can wait; registering the name again replaces it.</summary>
    public void AddQueue(string name, Func<long> length, long capacity) => _queues[name] = new QueueGauge(name, length, capacity);

    /// <summary>The figures of a leg in one lane, which that lane alone writes. Asked for once a lane and leg.</summary>
    internal LegFigures AddLeg(string venue, string connection) => _legs.Add(venue, connection);

    /// <summary>All figures as they stand; times as <see cref="MetricFamily.Unit"/> has it. Distributions are not among them.</summary>
    public IReadOnlyList<MetricSample> Snapshot()
    {
        var (samples, look) = (new List<MetricSample>(), new MetricLook());
        foreach (var metric in _metrics.All)
        {
            metric.CopyTo(samples, look);
        }

        return samples;
    }

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    /// <summary>The histograms of a family.</summary>
    internal IReadOnlyList<(string Tag, string Detail, LatencyHistogram Histogram)> HistogramsOf(MetricFamily family) =>
        _metrics.All.OfType<LatencyFamily>().First(one => one.Family == family).All;

    private void WatchQueues(MetricSet set)
    {
        set.Watch(
            "pipeline.block.queue_length", "{item}", "Items waiting in a bounded queue", () => Queues.Select(queue => (queue.Name, "", queue.Length())), "block");
        set.Watch(
            "pipeline.block.queue_capacity", "{item}", "Items that may wait in it", () => Queues.Select(queue => (queue.Name, "", queue.Capacity)), "block");
    }
}
