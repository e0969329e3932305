using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>
/// One instrument's trades over one or two sockets that lose, delay and repeat them and are cut now and then, and a venue's REST that lags,
/// pages and fails, seeded; with the sequencer and the queue of repair between them, on virtual time. Keeps what left.
/// </summary>
internal sealed class RepairWorld : ITradeRepairs, IDisposable
{
    private readonly PriorityQueue<Action, (long At, int Order)> _events = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly Random _random;
    private readonly Instrument _instrument;
    private readonly RepairOptions _options;
    private readonly Dictionary<long, long> _shownAt = [];
    private RepairQueue _queue;
    private Sequencer _sequencer;
    private readonly long _lag;
    private readonly double _failing;
    private readonly bool _isSilentAtTimes;
    private readonly long _start;
    private int _order;
    private long _now;
    private long _downUntil;

    public RepairWorld(int seed)
    {
        _random = new Random(seed);
        _now = _start = 1_000_000_000;
        Legs = 1 + (seed % 2);
        var discipline = seed % 3 == 0 ? IdDiscipline.Ranges : IdDiscipline.Contiguous;
        _instrument = new Instrument(0, "venue", "A-B", "AB", new SequenceRules(discipline, BookRule.Range));
        _lag = Pick(0L, 50_000, 400_000, 30_000_000);
        _failing = Pick(0, 0, 0.3);
        _isSilentAtTimes = Pick(true, false);
        _options = new RepairOptions
        {
            Hold = TimeSpan.FromMilliseconds(Pick(0, 500, 500, 5_000, 60_000)),
            MaxHeld = Pick(2_000, 2_000, 40),
            PageSize = Pick(2, 10, 1_000),
        };
        _queue = new RepairQueue(_options);
        _sequencer = new Sequencer(_metrics, Budget, this, _options);
        MakeTrades(discipline, Pick(0.0, 0.02, 0.05));
    }

    /// <summary>What is said and nothing by chance, but how long REST takes and when it fails.</summary>
    public RepairWorld(IReadOnlyList<Passage> passages, RepairManner manner, long start)
    {
        _random = new Random(0);
        _now = _start = start;
        Legs = manner.Legs;
        _instrument = TestMarket.Bitcoin;
        _lag = manner.LagMilliseconds * 1_000L;
        _failing = manner.Failing;
        _options = new RepairOptions { Hold = TimeSpan.FromMilliseconds(manner.HoldMilliseconds), PageSize = manner.PageSize };
        _queue = new RepairQueue(_options);
        _sequencer = new Sequencer(_metrics, Budget, this, _options);
        Deliver(passages);
    }

    public int Legs { get; }

    public long HoldMicroseconds => MarketTime.From(_options.Hold);

    public HoldBudget Budget { get; } = new();

    /// <summary>What the venue has, off-market trades included.</summary>
    public List<Trade> Truth { get; } = [];

    /// <summary>Trades and records of holes, in the order in which they left, and when.</summary>
    public List<(object What, long At)> Left { get; } = [];

    /// <summary>The same, as it left together.</summary>
    public List<(object[] What, long At)> Batches { get; } = [];

    /// <summary>First and last id that a socket brought.</summary>
    public (long First, long Last) Seen { get; private set; } = (long.MaxValue, -1);

    public long Now => _now;

    /// <summary>What lies behind station 4: it gets each batch, and the time to which to go before something happens.</summary>
    public (Action<MarketBatch> Take, Action<long> Pass)? Behind { get; init; }

    public bool IsIdle => _sequencer.NextDeadline == long.MaxValue && _queue.Count == 0;

    public void Run()
    {
        for (var steps = 0; steps < 1_000_000; steps++)
        {
            var due = Math.Min(_sequencer.NextDeadline, _queue.NextDue);
            if (_events.TryPeek(out var act, out var turn) && turn.At <= due)
            {
                _events.Dequeue();
                MoveTo(turn.At);
                act();
                continue;
            }

            if (due == long.MaxValue)
            {
                return;
            }

            MoveTo(due);
            if (_queue.Take(_now) is { } hole)
            {
                Ask(hole);
            }
            else
            {
                Process(LegBatches.Tick(_now));
            }
        }

        throw new InvalidOperationException("It does not come to an end.");
    }

    /// <summary>Something is to happen at a time, before <see cref="Run"/>.</summary>
    public void At(long time, Action act) => _events.Enqueue(act, (time, _order++));

    /// <summary>Another process goes on from what is known of this one; for a while it hears nothing.</summary>
    public void Restart(Func<Instrument, TradeSeriesState?> restore, long down)
    {
        _queue = new RepairQueue(_options);
        _sequencer = new Sequencer(_metrics, new HoldBudget(), this, _options, restore);
        _downUntil = _now + down;
    }

    public void Process(MarketBatch batch)
    {
        _sequencer.Process(batch);
        var before = Left.Count;
        foreach (ref readonly var happened in batch.Events.Span)
        {
            if (happened.Kind is MarketEventKind.Gap or MarketEventKind.Trade)
            {
                Left.Add((happened.Kind == MarketEventKind.Gap ? batch.Gaps[happened.Index] : batch.Trades[happened.Index], _now));
            }
        }

        if (Left.Count > before)
        {
            Batches.Add(([.. Left.Skip(before).Select(one => one.What)], _now));
        }

        Behind?.Take(batch);
    }

    public void Request(RepairRequest request) => Assert.True(_queue.Add(request));

    public void Forget(Instrument instrument, long fromId) => _queue.Remove(instrument, fromId);

    public void Dispose() => _metrics.Dispose();

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private void MakeTrades(IdDiscipline discipline, double loss)
    {
        var id = 1_000L;
        long[] sockets = [1, 2];
        long[] absentUntil = [0, 0];
        long[] newest = [0, 0];
        long[] skew = [0, _random.NextInt64(150_000)];
        var series = 1L;
        var next = 3L;
        var silences = 0;
        for (var i = 0; i < 400; i++)
        {
            var now = _start + (i * 100_000L);
            if (_isSilentAtTimes && silences < 10 && _random.Next(60) == 0)
            {
                id += 1 + _random.Next(5);
                silences++;
            }

            var rows = discipline == IdDiscipline.Ranges ? 1 + _random.Next(4) : 1;
            var kind = _random.Next(50) == 0 ? TradeKind.OffMarket : TradeKind.Market;
            for (var row = 0; row < rows; row++)
            {
                Truth.Add(TestMarket.Trade(_instrument, id + row, now) with { Kind = kind });
            }

            var trade = TestMarket.Trade(_instrument, id + rows - 1, now) with { FirstId = id, Kind = kind };
            id += rows;
            if (_random.Next(150) == 0)
            {
                var leg = _random.Next(Legs);
                absentUntil[leg] = now + _random.NextInt64(3_000_000);
                sockets[leg] = next++;
                newest[leg] = absentUntil[leg];
                series += Legs == 1 || absentUntil[1 - leg] > now ? 1 : 0;
            }

            for (var leg = 0; leg < Legs; leg++)
            {
                if (absentUntil[leg] > now || _random.NextDouble() < loss)
                {
                    continue;
                }

                var copies = _random.Next(40) == 0 ? 2 : 1;
                for (; copies > 0; copies--)
                {
                    newest[leg] = Math.Max(newest[leg] + 1, now + skew[leg] + _random.NextInt64(20_000));
                    var (socket, over, legs) = (sockets[leg], series, Legs == 2 && absentUntil[1 - leg] <= now ? 2 : 1);
                    At(newest[leg], () => Deliver(trade, socket, over, legs));
                }
            }
        }
    }

    private void Deliver(IReadOnlyList<Passage> passages)
    {
        var time = _start;
        for (var i = 0; i < passages.Count; i++)
        {
            var passage = passages[i];
            time += passage.AfterMilliseconds * 1_000L;
            var trade = TestMarket.Trade(_instrument, 1_000 + i, time, passage.Price, passage.Quantity, passage.Side);
            Truth.Add(trade);
            if (passage.ShownAfterSeconds is { } after)
            {
                Show(trade, time + (after * 1_000_000L));
                continue;
            }

            for (var copy = 0; copy < passage.Delays.Length; copy++)
            {
                var leg = (i + copy) % Legs;
                At(time + (passage.Delays[copy] * 1_000L), () => Deliver(trade, leg + 1, series: 1, Legs));
            }
        }
    }

    private void MoveTo(long time)
    {
        _now = Math.Max(_now, time);
        Behind?.Pass(_now);
    }

    /// <summary>The venue keeps the trade to itself; then its candle counts it, and an audit asks.</summary>
    private void Show(Trade trade, long time)
    {
        _shownAt[trade.Id] = time;
        At(time, () => Process(new MarketBatch
        {
            Now = _now,
            Lacking = new AuditRepair(_instrument, [new IdRange(trade.Id, trade.Id)], trade.EventTime, trade.EventTime + 1, _now),
        }));
    }

    private void Deliver(in Trade trade, long socket, long series, int legs)
    {
        if (_now < _downUntil)
        {
            return;
        }

        var batch = LegBatches.Of(socket, _now, legs, trade);
        batch.Series = series;
        Seen = (Math.Min(Seen.First, Seen.Last < 0 ? trade.FirstId : Seen.First), Math.Max(Seen.Last, trade.Id));
        Process(batch);
    }

    /// <summary>The venue knows its trades up to a while ago; it reads the request half way.</summary>
    private void Ask(RepairHole hole)
    {
        var latency = 5_000 + _random.NextInt64(400_000);
        var (queue, from, rows) = (_queue, hole.NextId, hole.Rows);
        var known = new List<Trade>();
        At(_now + (latency / 2), () => known.AddRange(Truth.Where(trade => trade.Id >= from && IsShown(trade)).Take(rows)));
        At(_now + latency, () => Answer(queue, hole, known));
    }

    private bool IsShown(Trade trade) => trade.EventTime <= _now - _lag && _shownAt.GetValueOrDefault(trade.Id, long.MinValue) <= _now;

    private void Answer(RepairQueue queue, RepairHole hole, List<Trade> rows)
    {
        if (queue != _queue)
        {
            // The process that asked is gone.
            return;
        }

        var isFailing = _random.NextDouble() < _failing;
        var page = rows.Count == 0 || isFailing ? default(RepairPage) with { MaxId = -1 } : new(rows.Count, rows[^1].Id, rows[0].EventTime, rows[^1].EventTime);
        var answer = isFailing ? hole.Retry(_now, "rest-timeout") : hole.Take(page, _now);
        if (!hole.IsForgotten)
        {
            if (answer.Outcome is RepairOutcome.Done)
            {
                _queue.Remove(hole.Instrument, hole.Request.FromId);
            }

            var batch = new MarketBatch { Now = _now, Repair = answer };
            foreach (var trade in isFailing ? [] : rows)
            {
                batch.Add(trade with { Source = TradeSource.Repair, ReceivedTime = _now });
            }

            Process(batch);
        }

        _queue.Return(hole);
    }
}
