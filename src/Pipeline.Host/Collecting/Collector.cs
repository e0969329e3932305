using System.Collections.Concurrent;
using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Audit;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Time;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.Host.Collecting.Sharing;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Sink;

namespace Pipeline.Host.Collecting;

/// <summary>
/// One collector: feeds → graph → sink, put together from a topology. Stops in flow order: intake first, then what is inside flows
/// out, then the sink is flushed.
/// </summary>
internal sealed class Collector : ICollectorPort, ITopologyTarget, IAsyncDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, ConnectGate> _gates = new(StringComparer.Ordinal);
    private readonly StreamActivity _activity;
    private readonly IntakeTable<VenueIntake> _intakes = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly StreamHealthBoard _health = new();
    private readonly ConnectionJournal _journal;
    private readonly TopologyReloader _reloader;
    private readonly StatusWatch _status;
    private readonly TimeProvider _time;
    private readonly TimeProvider _marketClock;
    private readonly long _started;
    private readonly PipelineMetrics _metrics;
    private readonly KafkaSink _sink;
    private readonly PipelineGraph _graph;
    private readonly BookRecovery _books;
    private readonly TradeRecovery _trades;
    private readonly CandleRecovery _past;
    private readonly CollectorOwnership _ownership;
    private readonly CollectorShare? _share;
    private readonly TroubleWatch _troubles;
    private readonly VenueSet _venues;
    private readonly AuditOptions _audit;
    private readonly TopologyFile _topology;
    private readonly ILogger _log;
    private Task _reporting = Task.CompletedTask;
    private volatile bool _isStopping;

    private Collector(
        TopologyFile topology, Func<TopologyResult> read, TimeProvider time, TimeProvider marketClock, PipelineMetrics metrics, KafkaSink sink,
        CollectorOwnership ownership, VenueSet venues, PartitionGroup? group, OwnedPartitions taken, ILogger log)
    {
        _ownership = ownership;
        _time = time;
        _marketClock = marketClock;
        _started = time.GetTimestamp();
        _metrics = metrics;
        _sink = sink;
        _venues = venues;
        _audit = topology.Audit;
        _topology = topology;
        _log = log;
        _troubles = new TroubleWatch(metrics, time, log);
        _sink.Noticed += notice => CollectorLog.Kafka(log, notice);
        var partitions = topology.Kafka.Partitions;
        _activity = new StreamActivity(metrics);
        _books = new BookRecovery(topology.Books, marketClock, metrics);
        _trades = new TradeRecovery(topology.Repair, marketClock, metrics);
        _past = new CandleRecovery(marketClock, metrics, log);
        _graph = new PipelineGraph(
            topology.Graph,
            topology.Candles,
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            new HealthTap(new AuditTap(ownership.Sink, time, log), _health),
            metrics,
            marketClock,
            topology.Books,
            _books.Snapshots,
            topology.DisplayFilter,
            _activity,
            _trades.Repairs,
            topology.Repair,
            ownership.States.StateOf,
            ownership.Checkpoints,
            partitions,
            AuditOf(topology),
            backfill: _past.Backfill,
            tracer: new BatchTracer(topology.Metrics.TraceRatio),
            gates: group is null ? null : new PartitionGates(partitions, metrics));
        _trades.Start(_graph);
        _share = group is null
            ? null
            : new CollectorShare(
                new ShareParts(
                    topology, ownership.Owner, sink, ownership.Shared!, ownership.States, ownership.MakeRestore, ownership.MakeRehearsal, taken, venues,
                    _graph, metrics, time, marketClock, log),
                group,
                () => [.. Feeds.Select(feed => feed.Statistics)]);
        _journal = new ConnectionJournal(log);
        _reloader = new TopologyReloader(read, topology, this, metrics, log);
        metrics.AddConnections(() => Feeds.SelectMany(feed => feed.Statistics.Connections.Select(
            one => new ConnectionFigure(feed.Venue, one.Id, one.IsRunning, one.Streams, one.Confirmed))));
        _status = new StatusWatch(topology.Collector.Name, () => Statistics, sink, time, log);
    }

    /// <summary>Does not end by itself; fails when the collector cannot go on.</summary>
    public Task Failure => Task.WhenAny(_graph.Completion, _sink.Faulted, _venues.Failure, _share?.Failure ?? _venues.Failure).Unwrap();

    /// <summary>The data path has found out before anybody else that the partitions are not ours any more; <see cref="Lost"/> is about to complete.</summary>
    public bool FailsForWantOfOwnership => _graph.Completion.Exception?.GetBaseException() is PartitionsLostException;

    /// <summary>Completes when the partitions are not ours any more: nothing is written from then on.</summary>
    public Task<OwnershipLoss> Lost => _ownership.Lost;

    public Readiness Readiness
    {
        get
        {
            if (_isStopping)
            {
                return Readiness.No("the collector is stopping");
            }

            if (_share?.Missing is { } missing)
            {
                return Readiness.No(missing);
            }

            return _sink.Faulted.IsFaulted || _graph.Completion.IsFaulted
                ? Readiness.No("the data path has failed")
                : Readiness.Of(_venues.Missing, [.. Feeds.Select(feed => feed.Statistics)], _health.Worst(Readiness.MostNamed), MarketTime.Now(_marketClock));
        }
    }

    public PipelineMetrics Metrics => _metrics;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Connections => Feeds.ToDictionary(
        feed => feed.Venue, feed => (IReadOnlyList<string>)[.. feed.Statistics.Connections.Select(one => one.Id)], StringComparer.Ordinal);

    public SinkCounts Counts => _sink.Counts;

    /// <summary>Batches that have not reached the sink yet.</summary>
    public int BatchesInside => _graph.Inside;

    public CollectorStatistics Statistics => CollectorStatistics.Of(
        _time.GetElapsedTime(_started),
        MarketTime.Now(_marketClock),
        Feeds.Select(feed => feed.Statistics),
        _venues.Missing,
        _venues.Names,
        _metrics,
        _health) with
    {
        Instance = _topology.Collector.Name,
        Partitions = [.. _ownership.Owner.Standings.Select(CollectorStatistics.Describe)],
    };

    private IEnumerable<VenueFeed> Feeds => _intakes.All.Select(intake => intake.Feed);

    /// <summary>
    /// Makes sure of the topics, begins to learn which instruments the topology means and puts everything together; nothing is collected
    /// before <see cref="Start"/>.
    /// </summary>
    /// <param name="read">Reads the topology again, for a reload.</param>
    /// <param name="process">What is told of the process, which may see several collectors.</param>
    /// <param name="group">Shares the partitions out; null = all are ours.</param>
    /// <exception cref="VenueException">No venue has anything of what the topology names.</exception>
    public static async Task<Collector> CreateAsync(
        TopologyFile topology, Func<TopologyResult> read, TimeProvider time, ProcessFigures process, ILoggerFactory loggers, PartitionGroup? group,
        CancellationToken cancellation)
    {
        var taken = new OwnedPartitions(topology.Kafka.Partitions);
        var marketClock = await CollectorClock.MakeAsync(topology, time, cancellation);
        var metrics = new PipelineMetrics();
        metrics.AddProcess(process);
        var log = loggers.CreateLogger("collector");
        var sink = await KafkaSink.StartAsync(
            topology.Kafka, metrics, time, noticed: notice => CollectorLog.Kafka(log, notice), cancellation: cancellation);
        try
        {
            var venues = await VenueSet.MakeAsync(
                topology, sink, metrics, marketClock, time, log, cancellation, group is null ? null : taken.Has);
            try
            {
                // Who may write, and from where it goes on, before anything is asked for.
                var ownership = group is null
                    ? await CollectorOwnership.TakeAsync(topology, sink, metrics, time, marketClock, log, cancellation)
                    : await CollectorOwnership.ShareAsync(topology, sink, metrics, time, log, cancellation);
                return new Collector(topology, read, time, marketClock, metrics, sink, ownership, venues, group, taken, log);
            }
            catch
            {
                await venues.StopAsync();
                await venues.DisposeAsync();
                throw;
            }
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
    public void Start()
    {
        _venues.Start(JoinAsync);
        _share?.Begin();
        _reporting = _status.RunAsync(_ending.Token);
    }

    /// <summary>Brings what runs in line with the topology's file; safe at any time, one after the other.</summary>
    /// <param name="cause">Who wants it, for the log.</param>
    /// <param name="isQuiet">Nothing is logged when nothing has changed.</param>
    public Task<ReloadOutcome> ReloadAsync(string cause, bool isQuiet = false) => _reloader.ReloadAsync(cause, isQuiet);

    /// <inheritdoc/>
    public Task<ReloadOutcome> ReloadAsync() => ReloadAsync("http");

    /// <inheritdoc/>
    public Task<IReadOnlyList<RotationOutcome>> RotateAsync(string venue, string? connection) => _intakes.Find(venue) is { } intake
        ? intake.Feed.RotateAsync(connection, RotationCause.Requested)
        : Task.FromResult<IReadOnlyList<RotationOutcome>>([]);

    /// <inheritdoc/>
    public void SetCandles(CandleOptions candles) => _graph.Candles = candles;

    /// <inheritdoc/>
    public void AddVenue(VenueOptions venue) => _venues.Add(venue);

    /// <inheritdoc/>
    public async Task RemoveVenueAsync(string venue)
    {
        var last = Statistics;
        await _intakes.RemoveAsync(venue, () => _venues.RemoveAsync(venue));
        await _status.WriteStoppedAsync(venue, last, _ending.Token);
    }

    /// <inheritdoc/>
    public Task<VenueChange> ReplanAsync(VenueOptions venue) => _isStopping
        ? Task.FromResult(new VenueChange(venue.Name, null, [], "the collector is stopping"))
        : _venues.ReplanAsync(venue, _ending.Token);

    /// <summary>Leaves the group, where there is one, and goes on until others have taken over.</summary>
    public Task HandOverAsync(CancellationToken cancellation) => _share?.HandOverAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Stops the intake, lets everything inside flow out and waits for the broker's acknowledgements.</summary>
    public async Task<SinkCounts> DrainAsync(CancellationToken cancellation)
    {
        await StopFeedsAsync();
        await _status.WriteStoppedAsync(null, Statistics, cancellation);
        await _graph.CompleteAsync(cancellation);
        await _ownership.ReleaseAsync(cancellation);
        return _sink.Counts;
    }

    /// <summary>
    /// After <see cref="Lost"/>: closes the sockets. What another has taken over is flushed and released first; what may be another's
    /// by now is given up.
    /// </summary>
    public async Task GiveUpAsync(OwnershipLoss loss, CancellationToken cancellation)
    {
        if (!loss.IsTakenOver)
        {
            await _sink.PurgeAsync(cancellation);
        }

        await StopFeedsAsync();
        if (loss.IsTakenOver)
        {
            await _sink.FlushAsync(cancellation);
            await _ownership.ReleaseAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopFeedsAsync();
        if (_share is not null)
        {
            await _share.DisposeAsync();
        }

        await _graph.DisposeAsync();
        await _venues.DisposeAsync();
        await _ownership.DisposeAsync();
        await _sink.DisposeAsync();
        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }
        _reloader.Dispose();
        _troubles.Dispose();
        _ending.Dispose();
        _metrics.Dispose();
    }

    private async Task<IVenueIntake> JoinAsync(VenuePlan plan)
    {
        var catalog = new StreamCatalog();
        var feed = MakeFeed(plan, catalog);
        var recorder = await VenueRecorder.StartAsync(plan, _topology, _time, _metrics, _log, _ending.Token);
        if (recorder is not null)
        {
            feed.Frames.Subscribe(recorder.Take);
        }

        var health = new VenueHealth(
            plan.Venue, plan.Symbols, _activity, feed, feed.Events, _graph.TellAsync, _marketClock, _time,
            _metrics);
        var wishes = new StreamWishes(new WatchedStreams(feed, health), catalog);
        var samples = new CandleSamples(_audit, _marketClock, _metrics, _log);
        var intake = new VenueIntake(plan.Venue.Name, feed, wishes, health, _books, _trades, _past, _graph, _health, samples, recorder, _log);
        try
        {
            await intake.FollowAsync(plan, [], _ending.Token);
            await feed.StartAsync();
        }
        catch
        {
            await intake.DisposeAsync();
            throw;
        }

        return _intakes.Add(plan.Venue.Name, intake);
    }

    private VenueFeed MakeFeed(VenuePlan plan, StreamCatalog catalog)
    {
        var options = plan.Venue.Options;
        var gate = _gates.GetOrAdd(
            options.Name, venue => new ConnectGate(venue, plan.Adapter.Limits.ConnectAttempts, _time, _metrics, _graph));
        var feed = new VenueFeed(
            plan.Adapter,
            new VenueFeedOptions
            {
                Endpoint = options.WebSocketEndpoint,
                Streams = [],
                Symbols = plan.Symbols,
                Catalog = catalog,
                Legs = options.Legs,
                WebSocket = _marketClock is RecordedTimeProvider ? WithoutSuspicion(options.WebSocket) : options.WebSocket,
                Pool = options.Pool,
                TrafficBudget = options.TrafficBudget,
            },
            new ClientWebSocketTransport(options.Network, _time),
            _marketClock,
            _time,
            _metrics,
            progress: _activity,
            gate: gate);
        feed.Events.Subscribe(_journal.Note);
        if (_marketClock is RecordedTimeProvider recorded)
        {
            feed.Frames.Where(plan.Adapter.CarriesData).Take(1).Subscribe(_ => recorded.Start());
        }

        feed.Frames.Subscribe(_graph.Take);
        return feed;
    }

    /// <summary>Null when nothing is compared. Intervals that a reload adds are compared from the next start on.</summary>
    private static AuditLimits? AuditOf(TopologyFile topology) => !topology.Audit.Enabled
        ? null
        : new AuditLimits
        {
            Patience = topology.Audit.Patience,
            Intervals = [.. topology.Venues.SelectMany(venue => venue.VenueCandleIntervals).Append(topology.Audit.Interval).Distinct()],
        };

    /// <summary>A recording pauses and ends; another socket would begin it again and not tell more.</summary>
    private static WebSocketOptions WithoutSuspicion(WebSocketOptions options) =>
        options with { StallTimeout = Never, StreamSilence = Never, IdleCeiling = Never, MaxConnectionAge = Never };

    private async Task StopFeedsAsync()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        await _ending.CancelAsync();
        await _reporting;
        await _venues.StopAsync();
        await Task.WhenAll(_intakes.All.Select(intake => intake.DisposeAsync().AsTask()));
        await _books.DisposeAsync();
        await _trades.DisposeAsync();
    }
}
