using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using Pipeline.Core.Audit;
using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Graph;

/// <summary>
/// Stations 2 to 6 as Dataflow blocks, every one bounded, batches as items.
/// </summary>
/// <remarks>
/// <code>
///   FrameBatch
///     ║ (A) the one crossing from Rx: Take
///   2 parse        one thread; bytes → venue records
///   3 normalise    one thread; venue records → market events, split by lane
///     ├──────────────┐  lane = partition mod lanes: an instrument keeps its order, a partition has one writer
///   4 sequence     sequence     one copy, in order; books: updates in, best levels out
///   5 candles      candles
///   6 sink         sink
/// </code>
/// A full block makes the one before it wait, back to (A), and from there the receive loop. A full lane stops the splitter and with
/// it the other lanes: intended, and visible in the queue lengths. A block that fails fails the graph; see <see cref="Completion"/>.
/// </remarks>
public sealed partial class PipelineGraph : IAnswerEntrance, IIntake, IAsyncDisposable
{
    private static readonly DataflowLinkOptions Propagate = new() { PropagateCompletion = true };

    private readonly VenueBatchPool _venueBatches = new();
    private readonly MarketBatchPool _marketBatches = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Intake _intake = new();
    private readonly List<LaneClock> _clocks = [];
    private readonly GraphBlocks _blocks;
    private readonly IMarketSink _sink;
    private readonly PipelineMetrics _metrics;
    private readonly BatchTracer? _tracer;
    private readonly LatencyHistogram _normalised;
    private readonly LatencyHistogram _handedOver;
    private readonly TimeProvider _clock;
    private readonly Func<Instrument, int> _partitionOf;
    private readonly ITargetBlock<MarketBatch>[] _lanes;
    private readonly TransformBlock<FrameBatch, VenueBatch> _entrance;
    private readonly ActionBlock<VenueBatch> _normalise;
    private readonly CandleSettings _candles;
    private readonly Sequencer[] _sequencers;

    /// <param name="partitionOf">Partition of an instrument's records; lane is partition mod lanes.</param>
    /// <param name="clock">The market clock: that of closing, lag and ticks.</param>
    /// <param name="books">Null = the defaults.</param>
    /// <param name="snapshots">
    /// Where books ask for snapshots; the answers come back through <see cref="TakeAsync"/> or the stream. Without it a book that is
    /// lost stays so, and its updates are counted.
    /// </param>
    /// <param name="display">Null = the display filter is off.</param>
    /// <param name="activity">Told at station 3 what came of which stream; null = nobody wants to know.</param>
    /// <param name="repairs">
    /// Who is asked for trades that are missing; the answers come back through <see cref="TakeAsync"/>. Without it holes are announced and
    /// given up.
    /// </param>
    /// <param name="repair">Null = the defaults.</param>
    /// <param name="restore">How far an instrument had come before this process; asked once for each station. Null = nothing is known.</param>
    /// <param name="checkpoints">When the stations say how far they have come; null = never.</param>
    /// <param name="partitions">Their number, where there are checkpoints.</param>
    /// <param name="audit">Our candles are compared with the venues' own within these limits; null = they are not.</param>
    /// <param name="auditRepairs">
    /// Told of trades that a venue's candle counts and ours does not; null = station 4 opens the holes again in which the venue had nothing.
    /// </param>
    /// <param name="backfill">
    /// Who is asked for candles of the time before a series; the answers come back through <see cref="TakeAsync"/>. Null = nobody.
    /// </param>
    /// <param name="tracer">Null = no batch is traced.</param>
    /// <param name="gates">Which partitions the stations know of; null = all.</param>
    public PipelineGraph(
        GraphOptions options,
        CandleOptions candles,
        Func<Instrument, int> partitionOf,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider clock,
        BookOptions? books = null,
        IBookSnapshots? snapshots = null,
        DisplayFilterOptions? display = null,
        StreamActivity? activity = null,
        ITradeRepairs? repairs = null,
        RepairOptions? repair = null,
        Func<Instrument, InstrumentState?>? restore = null,
        CheckpointOptions? checkpoints = null,
        int partitions = 1,
        AuditLimits? audit = null,
        IAuditRepairs? auditRepairs = null,
        ICandleBackfill? backfill = null,
        BatchTracer? tracer = null,
        PartitionGates? gates = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(metrics);
        _sink = sink;
        _metrics = metrics;
        _blocks = new GraphBlocks(metrics);
        _tracer = tracer;
        _normalised = metrics.StageLatency("normalise");
        _handedOver = metrics.StageLatency("hand_over");
        _clock = clock;
        _candles = new CandleSettings(candles);
        _partitionOf = partitionOf;
        _gates = gates;
        _lanes = new ITargetBlock<MarketBatch>[options.Lanes];
        _sequencers = [.. Enumerable.Range(0, options.Lanes).Select(_ => new Sequencer(
            metrics, repairs: repairs, repair: repair, restore: restore is null ? null : instrument => restore(instrument)?.Trades))];
        (_entrance, _normalise) = Build(
            options, _candles, books ?? new BookOptions(), partitionOf, clock, snapshots, display, activity, restore, checkpoints, partitions, AuditOf, backfill);
        Completion = _blocks.CompleteOrFailAsync();
        AuditStage? AuditOf() => audit is null ? null : new AuditStage(audit, auditRepairs ?? (repairs is null ? null : new AuditDoor(this)), metrics);
    }

    /// <summary>
    /// Ends when the last record entered before <see cref="CompleteAsync"/> was handed to the sink; fails as soon as any block fails.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Which candles are made. Other options are taken up by each lane between two batches.</summary>
    public CandleOptions Candles
    {
        get => _candles.Current;
        set => _candles.Current = value;
    }

    /// <summary>Batches inside the blocks now.</summary>
    public int Inside => _blocks.Inside;

    /// <inheritdoc/>
    public bool HasRoom => _intake.HasRoom;

    /// <inheritdoc/>
    public Task WhenRoomAsync(CancellationToken cancellation) => _intake.WhenRoomAsync(cancellation);

    /// <summary>
    /// The crossing (A) from Rx: call it from the observer of the connections' frames. Takes the batch, or makes its receive loop
    /// wait until there is room; never blocks, never drops while the graph runs.
    /// </summary>
    public void Take(FrameBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Retain();
        if (!_entrance.Post(batch))
        {
            batch.HoldUntil(TakeWhenRoomAsync(batch));
        }
    }

    /// <inheritdoc/>
    public Task<bool> TakeAsync(VenueBatch answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return _normalise.SendAsync(answer, cancellation);
    }

    /// <summary>
    /// Lets go of an instrument that is not taken any more: from here on what comes of it is passed over at station 3, its book is not
    /// published by the clock, its candles end where they are. Should it be taken again, it is another instrument.
    /// </summary>
    public async Task ForgetAsync(Instrument instrument, CancellationToken cancellation = default)
    {
        var batch = _venueBatches.Rent();
        batch.ReceivedTime = MarketTime.Now(_clock);
        batch.Forgotten = instrument;
        if (!await _normalise.SendAsync(batch, cancellation))
        {
            batch.Release();
        }
    }

    /// <inheritdoc/>
    public VenueBatch RentAnswer() => _venueBatches.Rent();

    /// <summary>
    /// Puts a change of a stream's health into its instrument's lane, behind what is in it already. Completes when there was room; false
    /// when nothing is taken any more.
    /// </summary>
    public async Task<bool> TellAsync(StreamHealth health, CancellationToken cancellation = default)
    {
        var batch = _marketBatches.Rent();
        batch.Lane = _partitionOf(health.Instrument) % _lanes.Length;
        batch.Now = MarketTime.Now(_clock);
        batch.Connection = health.Connection.Length > 0 ? health.Connection : null;
        batch.Add(health);
        if (_gates is not null && IsKeptBack(_partitionOf(health.Instrument), batch))
        {
            return true;
        }

        var isTaken = false;
        try
        {
            isTaken = await _lanes[batch.Lane].SendAsync(batch, cancellation);
            return isTaken;
        }
        finally
        {
            if (!isTaken)
            {
                batch.Release();
            }
        }
    }

    /// <summary>Takes nothing more, lets everything inside flow out in order, and flushes the sink.</summary>
    public async Task CompleteAsync(CancellationToken cancellation = default)
    {
        _entrance.Complete();
        await Completion.WaitAsync(cancellation);
        await _sink.FlushAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _entrance.Complete();
        await _stop.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var clock in _clocks)
        {
            clock.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>All blocks, in flow order.</summary>
    private (TransformBlock<FrameBatch, VenueBatch> Entrance, ActionBlock<VenueBatch> Normalise) Build(
        GraphOptions options,
        CandleSettings candles,
        BookOptions books,
        Func<Instrument, int> partitionOf,
        TimeProvider clock,
        IBookSnapshots? snapshots,
        DisplayFilterOptions? display,
        StreamActivity? activity,
        Func<Instrument, InstrumentState?>? restore,
        CheckpointOptions? checkpoints,
        int partitions,
        Func<AuditStage?> auditOf,
        ICandleBackfill? backfill)
    {
        // :: Station 2: parse. Its capacity is the entrance (A); every connection is a producer.
        var parse = _blocks.Transform<FrameBatch, VenueBatch>("2 parse", frames => ParseStation.Process(frames, _venueBatches), options.EntranceCapacity, singleProducer: false);

        // :: Station 3: normalise, and split by lane. Several producers: the parser, and answers to requests of our own. It holds its input until the lanes took all of it: a block that made several
        // outputs of one input would hold more than its capacity.
        var clocks = new VenueClocks();
        var normalizer = new Normalizer(options.Lanes, partitionOf, _marketBatches, _metrics, activity, clocks, _gates);
        var lanes = _lanes;
        var normalise = _blocks.Action<VenueBatch>(
            "3 normalise",
            batch => batch switch
            {
                { Gate: { } order } => FollowAsync(order, normalizer, batch),
                { Forgotten: { } gone } => ForgetAsync(normalizer, gone, lanes[partitionOf(gone) % options.Lanes], batch),
                _ => NormaliseAsync(normalizer, lanes, batch),
            },
            options.BlockCapacity, singleProducer: false);
        parse.LinkTo(normalise, Propagate);

        for (var lane = 0; lane < options.Lanes; lane++)
        {
            // :: Station 4: sequence, and behind it the books. Several producers: the splitter and the lane's clocks. Ticks of both
            // clocks enter here; each station arms its own, since they work at the same time. This one's is armed for whatever is due
            // first: a trade that waits for another leg, or a book.
            var number = lane;
            var trigger = checkpoints is null
                ? null
                : new CheckpointTrigger(checkpoints, [.. Enumerable.Range(0, partitions).Where(partition => partition % options.Lanes == number)]);
            var stations = LaneStations.Of(
                candles, books, snapshots, display, _metrics, clocks, _sequencers[lane],
                restore is null ? null : instrument => restore(instrument)?.Candles, trigger, auditOf(), backfill, partitionOf);
            LaneClock? orderTicks = null;
            var sequence = _blocks.Transform<MarketBatch, MarketBatch>(
                $"4 sequence {lane}", batch => Sequence(stations, orderTicks!, batch), options.BlockCapacity, singleProducer: false);
            orderTicks = new LaneClock(clock, now => PostTick(sequence, number, now));
            _clocks.Add(orderTicks);
            lanes[lane] = sequence;

            // :: Station 5: candle windows, and behind them the audit against the venue's own candles.
            var ticks = new LaneClock(clock, now => PostTick(sequence, number, now));
            _clocks.Add(ticks);
            var window = _blocks.Transform<MarketBatch, MarketBatch>(
                $"5 candles {lane}", batch => Window(stations, ticks, batch), options.BlockCapacity);
            sequence.LinkTo(window, Propagate);

            // :: Station 6: sink.
            window.LinkTo(_blocks.Action<MarketBatch>($"6 sink {lane}", WriteAsync, options.BlockCapacity), Propagate);
        }

        _ = EndLanesAsync(normalise.Completion, lanes);
        return (parse, normalise);
    }

    private async Task NormaliseAsync(Normalizer normalizer, ITargetBlock<MarketBatch>[] lanes, VenueBatch venue)
    {
        var batches = normalizer.Process(venue);
        Measure(_normalised, venue.Origin.Socket, venue.ReceivedTime);
        if (_tracer is { IsOn: true } && venue.Origin.Socket != 0)
        {
            Trace(_tracer, batches, venue.Source.Venue);
        }

        venue.Release();
        foreach (var batch in batches)
        {
            if (batch.Lane < lanes.Length)
            {
                await SendAsync(lanes[batch.Lane], batch);
            }
            else if (!_gates!.TryHold(batch.Lane - lanes.Length, batch))
            {
                batch.Release();
            }
        }
    }

    private async Task ForgetAsync(Normalizer normalizer, Instrument instrument, ITargetBlock<MarketBatch> lane, VenueBatch venue)
    {
        normalizer.Forget(instrument);
        var batch = _marketBatches.Rent();
        batch.Now = venue.ReceivedTime;
        batch.Forgotten = instrument;
        venue.Release();
        if (!await lane.SendAsync(batch))
        {
            batch.Release();
        }
    }

    /// <summary>
    /// What <c>PropagateCompletion</c> does for a link: the splitter has none, it sends by itself. A last batch lets go what a lane
    /// still holds.
    /// </summary>
    private async Task EndLanesAsync(Task normalised, ITargetBlock<MarketBatch>[] lanes)
    {
        try
        {
            await normalised;
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                var last = _marketBatches.Rent();
                last.Lane = lane;
                last.IsLast = true;
                if (!await lanes[lane].SendAsync(last))
                {
                    last.Release();
                }

                lanes[lane].Complete();
            }
        }
        catch (Exception error)
        {
            foreach (var lane in lanes)
            {
                lane.Fault(error);
            }
        }
    }

    private static MarketBatch Sequence(LaneStations stations, LaneClock ticks, MarketBatch batch)
    {
        stations.Sequence(batch);
        batch.Trace?.AddEvent(new ActivityEvent("sequenced"));
        ticks.Arm(stations.SequenceDeadline);
        return batch;
    }

    private static MarketBatch Window(LaneStations stations, LaneClock ticks, MarketBatch batch)
    {
        stations.Window(batch);
        batch.Trace?.AddEvent(new ActivityEvent("windowed"));
        ticks.Arm(stations.WindowDeadline);
        return batch;
    }

    /// <summary>From station 5 back into the lane of station 4: a batch of its own, behind what is in the lane already.</summary>
    private async Task ReopenAsync(AuditRepair lacking)
    {
        var batch = _marketBatches.Rent();
        batch.Lane = _partitionOf(lacking.Instrument) % _lanes.Length;
        batch.Now = MarketTime.Now(_clock);
        batch.Lacking = lacking;
        if (!await _lanes[batch.Lane].SendAsync(batch))
        {
            batch.Release();
        }
    }

    private async Task WriteAsync(MarketBatch batch)
    {
        try
        {
            await _sink.WriteAsync(batch, _stop.Token);
            Measure(_handedOver, batch.Socket, batch.Now);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Given up, not drained: what is lost by that is said.
            _metrics.Dropped("", "given-up", batch.Events.Count);
            throw;
        }
        finally
        {
            batch.Release();
        }
    }

    private void Trace(BatchTracer tracer, MarketBatch[] batches, string venue)
    {
        foreach (var batch in batches)
        {
            tracer.Begin(batch, venue, MarketTime.Now(_clock));
        }
    }

    /// <summary>What came over no socket has no arrival to count from.</summary>
    private void Measure(LatencyHistogram stage, long socket, long arrival)
    {
        if (socket != 0)
        {
            var now = MarketTime.Now(_clock);
            stage.Add(now - arrival, now);
        }
    }

    private void PostTick(TransformBlock<MarketBatch, MarketBatch> lane, int number, long now)
    {
        var tick = _marketBatches.Rent();
        tick.Lane = number;
        tick.Now = now;

        // A lane without room is busy: the batches in it bring the time along, and the last of them arms the clock again.
        if (!lane.Post(tick))
        {
            tick.Release();
        }
    }

    private async Task TakeWhenRoomAsync(FrameBatch batch)
    {
        _intake.Hold();
        try
        {
            if (!await _entrance.SendAsync(batch))
            {
                // The graph has ended: the frames after the end are nobody's, but they are counted.
                _metrics.Dropped(batch.Source.Venue, "graph-ended", batch.Count);
                batch.Release();
            }
        }
        finally
        {
            _intake.Free();
        }
    }

    /// <summary>At most one request a candle, so that what waits for room is bounded by what the audit remembers.</summary>
    private sealed class AuditDoor(PipelineGraph graph) : IAuditRepairs
    {
        public void Request(AuditRepair lacking) => _ = graph.ReopenAsync(lacking);
    }
}
