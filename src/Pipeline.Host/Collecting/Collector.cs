using System.Collections.Concurrent;
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
    // In the topology's order, each when its venue has joined.
    private readonly List<string> _names;
    private readonly VenueFeed?[] _feeds;
    private readonly ConcurrentDictionary<string, ConnectGate> _gates = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly TimeProvider _marketClock;
    private readonly long _started;
    private readonly PipelineMetrics _metrics;
    private readonly KafkaSink _sink;
    private readonly PipelineGraph _graph;
    private readonly BookRecovery _books;
    private readonly TroubleWatch _troubles;
    private readonly VenueSet _venues;
    private readonly ILogger _log;
    private volatile bool _isStopping;

    private Collector(
        TopologyFile topology, TimeProvider time, TimeProvider marketClock, PipelineMetrics metrics, KafkaSink sink, VenueSet venues, ILogger log)
    {
        _time = time;
        _marketClock = marketClock;
        _started = time.GetTimestamp();
        _metrics = metrics;
        _sink = sink;
        _venues = venues;
        _log = log;
        _troubles = new TroubleWatch(metrics, time, log);
        _sink.Noticed += notice => CollectorLog.Kafka(log, notice);
        var partitions = topology.Kafka.Partitions;
        _books = new BookRecovery(topology.Books, marketClock, metrics);
        _graph = new PipelineGraph(
            topology.Graph,
            topology.Candles,
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            sink,
            metrics,
            marketClock,
            topology.Books,
            _books.Snapshots,
            topology.DisplayFilter);
        _names = [.. topology.Venues.Select(venue => venue.Name)];
        _feeds = new VenueFeed?[_names.Count];
    }

    /// <summary>Does not end by itself; fails when the collector cannot go on.</summary>
    public Task Failure => Task.WhenAny(_graph.Completion, _sink.Faulted, _venues.Failure).Unwrap();

    /// <summary>Null when every stream of every venue is confirmed on an open connection, else what is not.</summary>
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

            if (_venues.Missing is { Count: > 0 } missing)
            {
                return string.Join("; ", missing.Select(one => $"{one.Venue}: {one.Reason}"));
            }

            var waiting = Feeds.SelectMany(feed => feed.Statistics.Connections).FirstOrDefault(one => !one.IsRunning || !one.IsReady);
            return waiting is null
                ? null
                : $"{waiting.Id}: {(waiting.IsRunning ? $"{waiting.Confirmed} of {waiting.Streams} streams confirmed" : "not connected")}";
        }
    }

    public SinkCounts Counts => _sink.Counts;

    /// <summary>Batches that have not reached the sink yet.</summary>
    public int BatchesInside => _graph.Inside;

    public CollectorStatistics Statistics => CollectorStatistics.Of(
        _time.GetElapsedTime(_started), MarketTime.Now(_marketClock), Feeds.Select(feed => feed.Statistics), _venues.Missing, _names, _metrics);

    private IEnumerable<VenueFeed> Feeds => _feeds.OfType<VenueFeed>();

    /// <summary>
    /// Makes sure of the topics, begins to learn which instruments the topology means and puts everything together; nothing is collected
    /// before <see cref="Start"/>.
    /// </summary>
    /// <exception cref="VenueException">No venue has anything of what the topology names.</exception>
    public static async Task<Collector> CreateAsync(
        TopologyFile topology, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var marketClock = await CollectorClock.MakeAsync(topology, time, cancellation);
        var metrics = new PipelineMetrics();
        var log = loggers.CreateLogger("collector");
        var sink = await KafkaSink.StartAsync(
            topology.Kafka, metrics, time, noticed: notice => CollectorLog.Kafka(log, notice), cancellation: cancellation);
        try
        {
            var venues = await VenueSet.MakeAsync(topology, sink, metrics, marketClock, time, log, cancellation);
            return new Collector(topology, time, marketClock, metrics, sink, venues, log);
        }
        catch
        {
            await sink.DisposeAsync();
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins to collect, in the background: of each venue, once its instruments are known, it is said which there are, then its
    /// connections open.
    /// </summary>
    public void Start() => _venues.Start(JoinAsync);

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
        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }

        _venues.Dispose();
        _troubles.Dispose();
        _metrics.Dispose();
    }

    private async Task JoinAsync(VenuePlan plan)
    {
        var feed = MakeFeed(plan);
        try
        {
            if (!_books.Add(plan, feed, _graph, failure => CollectorLog.BookSnapshotFailed(_log, failure)))
            {
                CollectorLog.NoBookSnapshots(_log, plan.Venue.Name);
            }

            await feed.StartAsync();
        }
        catch
        {
            await feed.DisposeAsync();
            throw;
        }

        Volatile.Write(ref _feeds[_names.IndexOf(plan.Venue.Name)], feed);
    }

    private VenueFeed MakeFeed(VenuePlan plan)
    {
        var options = plan.Venue.Options;
        var gate = _gates.GetOrAdd(
            options.Name, venue => new ConnectGate(venue, plan.Adapter.Limits.ConnectAttempts, _time, _metrics, _graph));
        var feed = new VenueFeed(
            plan.Adapter,
            new VenueFeedOptions
            {
                Endpoint = options.WebSocketEndpoint,
                Streams = plan.Streams,
                Symbols = plan.Symbols,
                WebSocket = options.WebSocket,
                Pool = options.Pool,
                TrafficBudget = options.TrafficBudget,
            },
            new ClientWebSocketTransport(options.Network, _time),
            _marketClock,
            _time,
            _metrics,
            gate: gate);
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
        await _venues.StopAsync();
        await Task.WhenAll(Feeds.Select(feed => feed.DisposeAsync().AsTask()));
        await _books.DisposeAsync();
    }
}
