using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Every figure of the data path, under one meter. What flows is counted per batch; only what goes wrong is counted one by one.
/// Readable in process for the status table.
/// Tags are venue, connection, reason, kind and topic: never an instrument, whose number is unbounded.
/// </summary>
public sealed class PipelineMetrics : IDisposable
{
    public const string MeterName = "Pipeline";

    private static readonly MetricFamily[] Gauges =
    [
        new("pipeline.feed.lag", "us", "Age of events on arrival: the least of ten minutes, and of the newest batch", "venue", "of", IsCounter: false),
        new("pipeline.feed.wire_rate", "By/s", "Bytes a second on the wire, over the last ten seconds", "venue", "", IsCounter: false),
        new("pipeline.legs.wins", "{trade}", "Trades of which a leg brought the first copy", "venue", "leg", IsCounter: true),
        new("pipeline.legs.losses", "{trade}", "Trades a leg never brought while another was open", "venue", "leg", IsCounter: true),
        new("pipeline.legs.lead_p50", "us", "How far a leg's first copies were ahead, median", "venue", "leg", IsCounter: false),
        new("pipeline.legs.lead_p99", "us", "How far a leg's first copies were ahead, 99 %", "venue", "leg", IsCounter: false),
        new("pipeline.rest.weight_used", "{weight}", "Weight used of a venue's request budget", "venue", "budget", IsCounter: false),
        new("pipeline.rest.weight_limit", "{weight}", "Weight a venue's request budget allows", "venue", "budget", IsCounter: false),
    ];

    private readonly Meter _meter;
    private readonly TaggedCounter _reloads;
    private readonly TaggedCounter[] _counters;
    private readonly ConcurrentDictionary<string, QueueGauge> _queues = new(StringComparer.Ordinal);
    private readonly TaggedCounter _frames;
    private readonly TaggedCounter _bytes;
    private readonly TaggedCounter _controlFrames;
    private readonly TaggedCounter _deadLetters;
    private readonly TaggedCounter _connects;
    private readonly TaggedCounter _disconnects;
    private readonly TaggedCounter _connectFailures;
    private readonly TaggedCounter _recoveries;
    private readonly TaggedCounter _replacements;
    private readonly TaggedCounter _pauses;
    private readonly TaggedCounter _connectsHeld;
    private readonly TaggedCounter _connectWait;
    private readonly TaggedCounter _wireBytes;
    private readonly TaggedCounter _compressed;
    private readonly TaggedCounter _budgetExceeded;
    private readonly TaggedCounter _announcements;
    private readonly ConcurrentDictionary<string, Func<long>> _traffic = new(StringComparer.Ordinal);
    private readonly TaggedCounter _requests;
    private readonly TaggedCounter _streamsFailed;
    private readonly TaggedCounter _events;
    private readonly TaggedCounter _dropped;
    private readonly TaggedCounter _holes;
    private readonly TaggedCounter _missing;
    private readonly TaggedCounter _resets;
    private readonly TaggedCounter _gapsOpen;
    private readonly TaggedCounter _gapsClosed;
    private readonly TaggedCounter _gapTime;
    private readonly TaggedCounter _tradesRepaired;
    private readonly TaggedCounter _demotions;
    private readonly TaggedCounter _repairPages;
    private readonly TaggedCounter _lateTrades;
    private readonly TaggedCounter _candles;
    private readonly TaggedCounter _candleRemarks;
    private readonly TaggedCounter _books;
    private readonly TaggedCounter _bookRecoveries;
    private readonly TaggedCounter _bookSnapshots;
    private readonly TaggedCounter _bookLevelsCut;
    private readonly TaggedCounter _bookMoves;
    private readonly ConcurrentDictionary<(string Venue, string Name), (Func<long> Used, int Limit)> _budgets = new();
    private readonly LegBoard _legs;
    private readonly TaggedCounter _streams;
    private readonly TaggedCounter _streamChanges;
    private readonly TaggedCounter _streamProbes;
    private readonly TaggedCounter _streamRemedies;
    private readonly TaggedCounter _eventsAhead;
    private readonly ConcurrentDictionary<string, (Func<long> Usual, Func<long> Newest)> _lags = new(StringComparer.Ordinal);
    private readonly TaggedCounter _venueFailures;
    private readonly TaggedCounter _restRequests;
    private readonly TaggedCounter _restRowsSkipped;
    private readonly TaggedCounter _observerErrors;
    private readonly TaggedCounter _handedOver;
    private readonly TaggedCounter _acknowledged;
    private readonly TaggedCounter _failed;
    private readonly TaggedCounter _recordBytes;
    private readonly TaggedCounter _queueFull;
    private readonly TaggedCounter _ackWaits;
    private readonly TaggedCounter _offsetShifts;

    public PipelineMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _frames = new(_meter, "pipeline.feed.frames", "{frame}", "Frames received from venues", "venue");
        _bytes = new(_meter, "pipeline.feed.bytes", "By", "Payload bytes received from venues", "venue");
        _controlFrames = new(_meter, "pipeline.feed.control_frames", "{frame}", "Answers to requests", "venue");
        _deadLetters = new(_meter, "pipeline.feed.dead_letters", "{frame}", "Frames not understood", "venue", "reason");
        _connects = new(_meter, "pipeline.feed.connects", "{connection}", "Connections established", "venue", "reason");
        _disconnects = new(_meter, "pipeline.feed.disconnects", "{connection}", "Connections ended", "venue", "reason");
        _connectFailures = new(_meter, "pipeline.feed.connect_failures", "{attempt}", "Connection attempts that failed", "venue", "reason");
        _recoveries = new(_meter, "pipeline.feed.recoveries", "{recovery}", "Connections that have data again, by why they had none", "venue", "reason");
        _replacements = new(_meter, "pipeline.feed.replacements", "{replacement}", "Twins of connections by what became of them", "venue", "outcome");
        _pauses = new(_meter, "pipeline.feed.pauses", "{pause}", "Times a connection was held back for want of room", "venue");
        _connectsHeld = new(_meter, "pipeline.feed.connects_held", "{attempt}", "Connection attempts that had to wait, for room or for the venue's limit", "venue");
        _connectWait = new(_meter, "pipeline.feed.connect_wait", "ms", "Time that connection attempts waited", "venue");
        _wireBytes = new(_meter, "pipeline.feed.wire_bytes", "By", "Bytes of WebSocket frames as received, headers included, before inflation", "venue");
        _compressed = new(_meter, "pipeline.feed.compressed", "{connection}", "Open connections whose compression was negotiated", "venue", goesDown: true);
        _budgetExceeded = new(_meter, "pipeline.feed.traffic_budget_exceeded", "{event}", "Times a venue's traffic rose above its budget", "venue");
        _announcements = new(_meter, "pipeline.feed.shutdown_notices", "{notice}", "Sockets whose end the venue announced", "venue");
        _requests = new(_meter, "pipeline.feed.requests", "{request}", "Subscription requests by outcome", "venue", "outcome");
        _streamsFailed = new(_meter, "pipeline.feed.streams_failed", "{stream}", "Streams that could not be had, by why; each is tried again", "venue", "reason");
        _events = new(_meter, "pipeline.graph.events", "{event}", "Market events that passed normalise", "venue", "kind");
        _dropped = new(_meter, "pipeline.graph.dropped", "{event}", "Events dropped on purpose", "venue", "reason");
        _holes = new(_meter, "pipeline.sequence.holes", "{hole}", "Holes in contiguous ids; where ids tell none, one for each reconnect of an instrument", "venue", "kind");
        _missing = new(_meter, "pipeline.sequence.missing", "{event}", "Ids inside holes", "venue", "kind");
        _resets = new(_meter, "pipeline.sequence.resets", "{reset}", "Series of ids that began anew at the venue", "venue", "kind");
        _gapsOpen = new(_meter, "pipeline.gaps.open", "{gap}", "Holes in trades that are asked for", "venue", goesDown: true);
        _gapsClosed = new(_meter, "pipeline.gaps.closed", "{gap}", "Holes in trades by what became of them", "venue", "outcome");
        _gapTime = new(_meter, "pipeline.gaps.time", "us", "Time from finding a hole to its end, all of them together", "venue", "outcome");
        _tradesRepaired = new(_meter, "pipeline.repair.trades", "{trade}", "Trades that filled holes, by who brought them", "venue", "by");
        _demotions = new(_meter, "pipeline.sequence.demotions", "{instrument}", "Instruments whose ids were found not to be contiguous", "venue");
        _repairPages = new(_meter, "pipeline.repair.pages", "{page}", "Requests for missing trades by what came of them", "venue", "outcome");
        _lateTrades = new(_meter, "pipeline.candles.late", "{trade}", "Trades older than an already closed window", "venue");
        _candles = new(_meter, "pipeline.candles.records", "{record}", "Candle records by state", "venue", "state");
        _candleRemarks = new(_meter, "pipeline.candles.remarks", "{event}", "Candles that are out of the ordinary: carried, incomplete, not to be revised any more", "venue", "what");
        _books = new(_meter, "pipeline.books.held", "{book}", "Books by state", "venue", "state", goesDown: true);
        _bookRecoveries = new(_meter, "pipeline.books.recoveries", "{recovery}", "Books lost and built anew", "venue", "reason");
        _bookSnapshots = new(_meter, "pipeline.books.snapshots", "{snapshot}", "Snapshots of books by what became of them", "venue", "outcome");
        _bookLevelsCut = new(_meter, "pipeline.books.levels_cut", "{level}", "Levels let go because a side was full", "venue");
        _bookMoves = new(_meter, "pipeline.books.moves", "{book}", "Books that went on over another socket without a break", "venue");
        _streams = new(_meter, "pipeline.streams", "{stream}", "Streams by state", "venue", "state", goesDown: true);
        _streamChanges = new(_meter, "pipeline.stream.transitions", "{transition}", "Changes of streams by their reason", "venue", "reason");
        _streamProbes = new(_meter, "pipeline.stream.probes", "{probe}", "Silent streams asked about by what was found", "venue", "outcome");
        _streamRemedies = new(_meter, "pipeline.stream.remedies", "{remedy}", "What was done about streams that miss data", "venue", "remedy");
        _eventsAhead = new(_meter, "pipeline.feed.events_ahead", "{event}", "Events whose time lay in the future on arrival", "venue");
        _venueFailures = new(_meter, "pipeline.venue.failures", "{failure}", "Steps with a venue that failed and are tried again", "venue", "step");
        _restRequests = new(_meter, "pipeline.rest.requests", "{request}", "Attempts to ask a venue's HTTP interface by outcome", "venue", "outcome");
        _restRowsSkipped = new(_meter, "pipeline.rest.rows_skipped", "{row}", "Rows of a venue's lists that could not be read", "venue");
        _observerErrors = new(_meter, "pipeline.feed.observer_errors", "{error}", "Exceptions thrown by observers of a connection", "venue");
        _handedOver = new(_meter, "pipeline.kafka.handed_over", "{record}", "Records handed to the Kafka client", "topic");
        _acknowledged = new(_meter, "messaging.client.sent.messages", "{record}", "Records acknowledged by the broker", "topic");
        _failed = new(_meter, "pipeline.kafka.failed", "{record}", "Records the broker refused for good", "topic", "reason");
        _recordBytes = new(_meter, "pipeline.kafka.bytes", "By", "Bytes of record values handed over", "topic");
        _queueFull = new(_meter, "pipeline.kafka.queue_full", "{wait}", "Times the sink waited for room in the Kafka client");
        _ackWaits = new(_meter, "pipeline.kafka.ack_waits", "{wait}", "Times a batch waited for acknowledgements, by of what", "of");
        _offsetShifts = new(
            _meter, "pipeline.kafka.offset_shifts", "{shift}", "Times our records did not follow each other in a partition that is ours alone", "topic");
        _reloads = new(_meter, "pipeline.topology.reloads", "{reload}", "Readings of the topology while it runs", "outcome");
        _counters =
        [
            _reloads,
            _frames, _bytes, _controlFrames, _deadLetters, _connects, _disconnects, _connectFailures, _connectsHeld, _connectWait,
            _wireBytes, _compressed, _budgetExceeded, _announcements, _recoveries, _replacements, _pauses, _requests, _streamsFailed, _events,
            _dropped, _holes, _missing, _resets, _gapsOpen, _gapsClosed, _gapTime, _tradesRepaired, _demotions, _repairPages, _lateTrades, _candles, _candleRemarks, _books, _bookRecoveries, _bookSnapshots, _bookLevelsCut, _bookMoves, _streams, _streamChanges,
            _streamProbes, _streamRemedies, _eventsAhead, _venueFailures, _restRequests,
            _restRowsSkipped, _observerErrors, _handedOver,
            _acknowledged, _failed, _recordBytes, _queueFull, _ackWaits, _offsetShifts,
        ];
        _legs = new LegBoard(_meter);
        _meter.CreateObservableGauge("pipeline.queue.length", ObserveQueues, "{item}", "Items waiting in a bounded queue");
        _meter.CreateObservableGauge("pipeline.feed.wire_rate", ObserveTraffic, "By/s", "Bytes a second on the wire, over the last ten seconds");
        _meter.CreateObservableGauge("pipeline.feed.lag", ObserveLags, "us", "Age of events on arrival: the least of ten minutes, and of the newest batch");
        _meter.CreateObservableGauge("pipeline.rest.weight_used", ObserveBudgets, "{weight}", "Weight used of a venue's request budget");
    }

    /// <summary>What the figures of <see cref="Snapshot"/> are.</summary>
    public IEnumerable<MetricFamily> Families => [.. _counters.Select(counter => counter.Family), .. Gauges];

    /// <summary>Frames received from one venue.</summary>
    public long FramesOf(string venue) => _frames.Read(venue);

    public long DeadLetterCount => _deadLetters.Total;

    public long ControlFrameCount => _controlFrames.Total;

    /// <summary>Books of a venue that are in a state now: <c>valid</c>, <c>stale</c>, <c>recovering</c> or <c>invalid</c>.</summary>
    public long BooksIn(string venue, string state) => _books.Read(venue, state);

    public long AcknowledgedCount => _acknowledged.Total;

    public IReadOnlyCollection<QueueGauge> Queues => [.. _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>Connections that carried the same streams side by side, and how each did.</summary>
    public IReadOnlyList<LegStatistics> Legs => _legs.Read();

    public void FramesReceived(string venue, int frames, long bytes)
    {
        _frames.Add(frames, venue);
        _bytes.Add(bytes, venue);
    }

    /// <summary>Microseconds; null before the first trade.</summary>
    public long? LagOf(string venue) => _lags.TryGetValue(venue, out var lag) ? lag.Newest() : null;

    /// <param name="outcome"><c>applied</c>, <c>unchanged</c>, <c>partial</c> or <c>refused</c>.</param>
    public void TopologyReloaded(string outcome) => _reloads.Add(1, outcome);

    public void ControlFrames(string venue, int frames) => _controlFrames.Add(frames, venue);

    public void DeadLetter(string venue, string reason) => _deadLetters.Add(1, venue, reason);

    /// <param name="reason"><c>initial</c>, <c>network</c>, <c>requested</c> …</param>
    public void Connected(string venue, string reason) => _connects.Add(1, venue, reason);

    public void Disconnected(string venue, string reason) => _disconnects.Add(1, venue, reason);

    public void ConnectFailed(string venue, string reason) => _connectFailures.Add(1, venue, reason);

    /// <param name="reason">Why it had no data: <c>network</c>, <c>stall</c>, <c>overload</c>, <c>requested</c>.</param>
    public void Recovered(string venue, string reason) => _recoveries.Add(1, venue, reason);

    /// <param name="outcome">
    /// <c>rotated</c>, <c>stalled</c> or <c>lost</c> where it took over from a connection that was old, mute or gone; <c>kept</c> where the
    /// old one was kept.
    /// </param>
    public void Replaced(string venue, string outcome) => _replacements.Add(1, venue, outcome);

    public void Paused(string venue) => _pauses.Add(1, venue);

    /// <summary>A connection attempt was let through after <paramref name="wait"/>.</summary>
    public void ConnectHeld(string venue, TimeSpan wait)
    {
        _connectsHeld.Add(1, venue);
        _connectWait.Add((long)wait.TotalMilliseconds, venue);
    }

    public void WireBytes(string venue, long bytes) => _wireBytes.Add(bytes, venue);

    /// <param name="change">1 when a connection with compression opened, -1 when it ended.</param>
    public void Compressed(string venue, int change) => _compressed.Add(change, venue);

    public void TrafficBudgetExceeded(string venue) => _budgetExceeded.Add(1, venue);

    public void ShutdownAnnounced(string venue) => _announcements.Add(1, venue);

    /// <summary>Registers a venue's traffic in bytes a second; registering it again replaces it.</summary>
    public void AddTraffic(string venue, Func<long> bytesPerSecond) => _traffic[venue] = bytesPerSecond;

    /// <param name="outcome">
    /// <c>sent</c>, <c>acknowledged</c>, <c>refused</c>, <c>timeout</c>; <c>busy</c>: to be made again later; <c>held-back</c>: a wait for
    /// more than the even spacing began.
    /// </param>
    public void Request(string venue, string outcome) => _requests.Add(1, venue, outcome);

    /// <param name="reason">
    /// <c>quarantined</c>: refused alone; <c>unanswered</c>; <c>too-long</c>: its name; <c>no-room</c>: all connections are full.
    /// </param>
    public void StreamsFailed(string venue, string reason, int count) => _streamsFailed.Add(count, venue, reason);

    /// <summary>Exceptions thrown by observers of one venue's feed.</summary>
    public long ObserverErrorsOf(string venue) => _observerErrors.Read(venue);

    /// <summary>Failed attempts to connect to one venue.</summary>
    public long ConnectFailuresOf(string venue) => _connectFailures.SumOf(venue);

    public void Events(string venue, string kind, int count) => _events.Add(count, venue, kind);

    /// <param name="reason"><c>duplicate</c>, <c>late</c>, <c>stale-quote</c>, <c>future-trade</c> …</param>
    public void Dropped(string venue, string reason, int count = 1) => _dropped.Add(count, venue, reason);

    public void Hole(string venue, string kind, long missing)
    {
        _holes.Add(1, venue, kind);
        _missing.Add(missing, venue, kind);
    }

    public void Reset(string venue, string kind) => _resets.Add(1, venue, kind);

    /// <param name="change">Holes opened, or closed when negative.</param>
    public void GapsOpen(string venue, int change) => _gapsOpen.Add(change, venue);

    /// <param name="outcome"><c>repaired-in-time</c>, <c>repaired</c>, <c>venue-silent</c> or <c>abandoned</c>.</param>
    /// <param name="microseconds">From finding it on.</param>
    public void GapClosed(string venue, string outcome, long microseconds)
    {
        _gapsClosed.Add(1, venue, outcome);
        _gapTime.Add(Math.Max(0, microseconds), venue, outcome);
    }

    /// <param name="by"><c>rest</c>, or <c>late</c> when the stream itself brought it after all.</param>
    public void TradeRepaired(string venue, string by) => _tradesRepaired.Add(1, venue, by);

    public void Demoted(string venue) => _demotions.Add(1, venue);

    /// <param name="outcome"><c>trades</c>, <c>nothing-new</c>, or why the venue did not answer.</param>
    public void RepairPage(string venue, string outcome) => _repairPages.Add(1, venue, outcome);

    public void LateTrade(string venue) => _lateTrades.Add(1, venue);

    /// <param name="what">
    /// <c>carried</c>: an empty window; <c>carry-skipped</c>: one too many to catch up with; <c>incomplete</c>: a final or revised record
    /// that says so; <c>unrevisable</c>: a trade of a window that is held no more, once for each interval.
    /// </param>
    public void CandleRemark(string venue, string what, int count = 1) => _candleRemarks.Add(count, venue, what);

    public void CandleRecords(string venue, string state, int count) => _candles.Add(count, venue, state);

    /// <summary>Books that came into a state, or left it.</summary>
    /// <param name="state"><c>valid</c>, <c>stale</c>, <c>recovering</c> or <c>invalid</c>.</param>
    public void Books(string venue, string state, int change) => _books.Add(change, venue, state);

    /// <param name="reason"><c>gap</c>, <c>crossed</c>, <c>impossible-level</c>, <c>depth</c>, <c>ids-restarted</c>.</param>
    public void BookLost(string venue, string reason) => _bookRecoveries.Add(1, venue, reason);

    /// <param name="outcome"><c>requested</c>, <c>applied</c>, <c>too-old</c>, <c>unanswered</c>, <c>not-needed</c> …</param>
    public void BookSnapshot(string venue, string outcome) => _bookSnapshots.Add(1, venue, outcome);

    /// <summary>A book follows another socket now, and nothing was missed.</summary>
    public void BookMoved(string venue) => _bookMoves.Add(1, venue);

    public void BookLevelsCut(string venue, long levels) => _bookLevelsCut.Add(levels, venue);

    /// <summary>Streams that came into a state, or left it.</summary>
    /// <param name="state"><c>starting</c>, <c>fresh</c>, <c>quiet</c>, <c>stale</c>, <c>paused</c>, <c>stopped</c>.</param>
    public void Streams(string venue, string state, int change) => _streams.Add(change, venue, state);

    /// <summary>Streams of a venue that are in a state now.</summary>
    public long StreamsIn(string venue, string state) => _streams.Read(venue, state);

    /// <param name="reason"><c>first-data</c>, <c>probe-behind</c>, <c>late</c>, <c>disconnected</c> …</param>
    public void StreamChanged(string venue, string reason) => _streamChanges.Add(1, venue, reason);

    /// <param name="outcome"><c>up-to-date</c>, <c>behind</c>, <c>unknown</c>, <c>timeout</c>, <c>failed</c>.</param>
    public void StreamProbe(string venue, string outcome) => _streamProbes.Add(1, venue, outcome);

    /// <param name="remedy"><c>resubscribe</c>, <c>suspect</c>.</param>
    public void StreamRemedy(string venue, string remedy) => _streamRemedies.Add(1, venue, remedy);

    /// <summary>The venue's clock is ahead of ours, or an event is wrong.</summary>
    public void EventsAhead(string venue, int count) => _eventsAhead.Add(count, venue);

    /// <summary>Registers a venue's lag, microseconds; may be negative.</summary>
    public void AddLag(string venue, Func<long> usual, Func<long> newest) => _lags[venue] = (usual, newest);

    /// <param name="step"><c>start</c>: to be collected from at all; <c>instruments</c>: to follow what becomes of them.</param>
    public void VenueFailed(string venue, string step) => _venueFailures.Add(1, venue, step);

    /// <param name="outcome"><c>answered</c>, or why not: <c>unavailable</c>, <c>timeout</c>, <c>rate-limited</c>, <c>banned</c> …</param>
    public void RestRequest(string venue, string outcome) => _restRequests.Add(1, venue, outcome);

    public void RestRowsSkipped(string venue, int rows) => _restRowsSkipped.Add(rows, venue);

    /// <summary>Registers what a venue allows to ask: the line of those who wait, and how much is used of it now.</summary>
    /// <param name="name">Tells it from the venue's other budgets.</param>
    public void AddRestBudget(string venue, string name, Func<long> waiting, long capacity, Func<long> used, int limit)
    {
        AddQueue($"requests {venue} {name}", waiting, capacity);
        _budgets[(venue, name)] = (used, limit);
    }

    public void ObserverError(string venue) => _observerErrors.Add(1, venue);

    public void HandedOver(string topic, long records, long bytes)
    {
        _handedOver.Add(records, topic);
        _recordBytes.Add(bytes, topic);
    }

    public void Acknowledged(string topic, long records) => _acknowledged.Add(records, topic);

    public void Failed(string topic, string reason, long records) => _failed.Add(records, topic, reason);

    public void QueueFull() => _queueFull.Add(1);

    /// <param name="of"><c>gap</c>: of a hole that was announced; <c>trades</c>: too many records wait for those of trades.</param>
    public void AckWait(string of) => _ackWaits.Add(1, of);

    /// <summary>Somebody else writes a partition that should be ours alone, or the broker wrote a record twice.</summary>
    public void OffsetShifted(string topic) => _offsetShifts.Add(1, topic);

    /// <summary>Registers a place where data can wait; registering the name again replaces it.</summary>
    public void AddQueue(string name, Func<long> length, long capacity) => _queues[name] = new QueueGauge(name, length, capacity);

    /// <summary>The figures of a leg in one lane, which that lane alone writes. Asked for once a lane and leg.</summary>
    internal LegFigures AddLeg(string venue, string connection) => _legs.Add(venue, connection);

    /// <summary>All counters as they stand, the traffic and the budgets.</summary>
    public IReadOnlyList<MetricSample> Snapshot()
    {
        var samples = new List<MetricSample>();
        foreach (var counter in _counters)
        {
            counter.CopyTo(samples);
        }

        foreach (var (venue, rate) in _traffic)
        {
            samples.Add(new MetricSample("pipeline.feed.wire_rate", venue, "", rate()));
        }

        _legs.CopyTo(samples);
        foreach (var (venue, lag) in _lags)
        {
            samples.Add(new MetricSample("pipeline.feed.lag", venue, "usual", lag.Usual()));
            samples.Add(new MetricSample("pipeline.feed.lag", venue, "newest", lag.Newest()));
        }

        foreach (var ((venue, name), budget) in _budgets)
        {
            samples.Add(new MetricSample("pipeline.rest.weight_used", venue, name, budget.Used()));
            samples.Add(new MetricSample("pipeline.rest.weight_limit", venue, name, budget.Limit));
        }

        return samples;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> ObserveTraffic()
    {
        foreach (var (venue, rate) in _traffic)
        {
            yield return new Measurement<long>(rate(), new KeyValuePair<string, object?>("venue", venue));
        }
    }

    private IEnumerable<Measurement<long>> ObserveLags()
    {
        foreach (var (name, lag) in _lags)
        {
            var venue = new KeyValuePair<string, object?>("venue", name);
            yield return new Measurement<long>(lag.Usual(), venue, new KeyValuePair<string, object?>("of", "usual"));
            yield return new Measurement<long>(lag.Newest(), venue, new KeyValuePair<string, object?>("of", "newest"));
        }
    }

    private IEnumerable<Measurement<long>> ObserveBudgets()
    {
        foreach (var ((venue, name), budget) in _budgets)
        {
            yield return new Measurement<long>(
                budget.Used(), new KeyValuePair<string, object?>("venue", venue), new KeyValuePair<string, object?>("budget", name));
        }
    }

    private IEnumerable<Measurement<long>> ObserveQueues()
    {
        foreach (var queue in _queues.Values)
        {
            yield return new Measurement<long>(queue.Length(), new KeyValuePair<string, object?>("queue", queue.Name));
        }
    }
}
