using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Time;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Sink;

namespace Pipeline.Host.Collecting;

/// <summary>
/// One collector: feeds → graph → sink, put together from a topology. Stops in flow order: intake first, then what is inside flows
/// out, then the sink is flushed.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly List<VenueFeed> _feeds = [];
    private readonly TimeProvider _time;
    private readonly TimeProvider _marketClock;
    private readonly long _started;
    private readonly PipelineMetrics _metrics;
    private readonly KafkaSink _sink;
    private readonly PipelineGraph _graph;
    private readonly TroubleWatch _troubles;
    private readonly ILogger _log;
    private volatile bool _isStopping;

    private Collector(TopologyFile topology, TimeProvider time, TimeProvider marketClock, PipelineMetrics metrics, KafkaSink sink, ILogger log)
    {
        _time = time;
        _marketClock = marketClock;
        _started = time.GetTimestamp();
        _metrics = metrics;
        _sink = sink;
        _log = log;
        _troubles = new TroubleWatch(metrics, time, log);
        _sink.Noticed += notice => CollectorLog.Kafka(log, notice);
        var partitions = topology.Kafka.Partitions;
        _graph = new PipelineGraph(
            topology.Graph,
            topology.Candles,
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            sink,
            metrics,
            marketClock);
        var instruments = new InstrumentRegistry();
        foreach (var venue in topology.Venues)
        {
            _feeds.Add(MakeFeed(venue, instruments));
        }
    }

    /// <summary>Does not end by itself; fails when the collector cannot go on.</summary>
    public Task Failure => Task.WhenAny(_graph.Completion, _sink.Faulted).Unwrap();

    /// <summary>Null when every stream is confirmed on an open connection, else what is not.</summary>
    public string? NotReadyReason
    {
        get
        {
            if (_isStopping)
            {
                return "the collector is stopping";
            }

            if (_sink.Faulted.IsFaulted || _graph.Completion.IsFaulted)
            {
                return "the data path has failed";
            }

            var waiting = _feeds.SelectMany(feed => feed.Statistics.Connections).FirstOrDefault(one => !one.IsRunning || !one.IsReady);
            return waiting is null
                ? null
                : $"{waiting.Id}: {(waiting.IsRunning ? $"{waiting.Confirmed} of {waiting.Streams} streams confirmed" : "not connected")}";
        }
    }

    public SinkCounts Counts => _sink.Counts;

    /// <summary>Batches that have not reached the sink yet.</summary>
    public int BatchesInside => _graph.Inside;

    public CollectorStatistics Statistics => CollectorStatistics.Of(
        _time.GetElapsedTime(_started), MarketTime.Now(_marketClock), _feeds.Select(feed => feed.Statistics), _metrics);

    /// <summary>Makes sure of the topics and puts everything together; nothing is collected before <see cref="StartAsync"/>.</summary>
    public static async Task<Collector> CreateAsync(
        TopologyFile topology, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var marketClock = await CollectorClock.MakeAsync(topology, time, cancellation);
        var metrics = new PipelineMetrics();
        var log = loggers.CreateLogger("collector");
        var sink = await KafkaSink.StartAsync(
            topology.Kafka, metrics, time, noticed: notice => CollectorLog.Kafka(log, notice), cancellation: cancellation);
        return new Collector(topology, time, marketClock, metrics, sink, log);
    }

    /// <summary>Begins to collect; connections open in the background.</summary>
    public async Task StartAsync()
    {
        foreach (var feed in _feeds)
        {
            await feed.StartAsync();
        }
    }

    /// <summary>Stops the intake, lets everything inside flow out and waits for the broker's acknowledgements.</summary>
    public async Task<SinkCounts> DrainAsync(CancellationToken cancellation)
    {
        await StopFeedsAsync();
        await _graph.CompleteAsync(cancellation);
        return _sink.Counts;
    }

    public async ValueTask DisposeAsync()
    {
        await StopFeedsAsync();
        await _graph.DisposeAsync();
        await _sink.DisposeAsync();
        _troubles.Dispose();
        _metrics.Dispose();
    }

    private VenueFeed MakeFeed(VenueOptions options, InstrumentRegistry instruments)
    {
        var plan = VenuePlan.Of(options, instruments);
        var feed = new VenueFeed(
            plan.Adapter,
            new VenueFeedOptions
            {
                Endpoint = options.WebSocketEndpoint,
                Streams = plan.Streams,
                Symbols = plan.Symbols,
                WebSocket = options.WebSocket,
                Pool = options.Pool,
            },
            new ClientWebSocketTransport(),
            _marketClock,
            _time,
            _metrics);
        feed.Events.Subscribe(happened => CollectorLog.Feed(_log, happened));
        if (_marketClock is RecordedTimeProvider recorded)
        {
            feed.Frames.Where(plan.Adapter.CarriesData).Take(1).Subscribe(_ => recorded.Start());
        }

        feed.Frames.Subscribe(_graph.Take);
        return feed;
    }

    private async Task StopFeedsAsync()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        await Task.WhenAll(_feeds.Select(feed => feed.DisposeAsync().AsTask()));
    }
}
