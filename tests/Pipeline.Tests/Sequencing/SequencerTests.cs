using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Sequencing;

public sealed class SequencerTests : IDisposable
{
    private readonly PipelineMetrics _metrics = new();
    private readonly Sequencer _sequencer;

    public SequencerTests() => _sequencer = new Sequencer(_metrics);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_Trades_PassOnceAndMarkWhatFollowsAHole()
    {
        var batch = TestMarket.Batch(0, Trade(1), Trade(2), Trade(2), Trade(5), Trade(4), Trade(6));
        _sequencer.Process(batch);
        Assert.Equal(
            [(1L, false), (2L, false), (5L, true), (6L, false)], Passed(batch));

        // Nobody is asked for what is missing: the hole is given up, and what comes of it later is not told from a copy.
        Assert.Equal((2, 2), (Dropped("duplicate"), Value("pipeline.sequence.missing", "trade")));
    }

    [Fact]
    public void Process_InstrumentsApart_HaveIdsOfTheirOwn()
    {
        var batch = TestMarket.Batch(0, Trade(7), TestMarket.Trade(TestMarket.Ether, 3, 1), Trade(8), TestMarket.Trade(TestMarket.Ether, 4, 1));
        _sequencer.Process(batch);
        Assert.Equal(4, batch.Events.Count);
    }

    [Fact]
    public void Process_Quotes_OlderAndEqualOnesAreDropped()
    {
        var batch = new MarketBatch();
        foreach (var id in new long[] { 10, 12, 11, 12, 20 })
        {
            batch.Add(Quote(id));
        }

        _sequencer.Process(batch);
        Assert.Equal([10L, 12, 20], batch.Events.Span.ToArray().Select(e => batch.Quotes[e.Index].UpdateId));
        Assert.Equal((1, 1), (Dropped("stale-quote"), Dropped("duplicate-quote")));
    }

    [Fact]
    public void Process_PartialBooks_OlderAndEqualOnesAreDropped()
    {
        var batch = new MarketBatch();
        foreach (var id in new long[] { 5, 9, 8, 9, 16 })
        {
            batch.Add(new OrderBookUpdate(TestMarket.Bitcoin, BookUpdateKind.Partial, id, id, id - 1, 0, 0, 0, 0, 0), []);
        }

        _sequencer.Process(batch);
        Assert.Equal(
            [(5L, -1L), (9, -1), (16, -1)],
            batch.Events.Span.ToArray().Select(e => batch.BookUpdates[e.Index]).Select(book => (book.LastUpdateId, book.PreviousUpdateId)));
        Assert.Equal((1, 1), (Dropped("stale-book"), Dropped("duplicate-book")));
    }

    [Fact]
    public void Process_RowsOfRanges_CoverEachIdOnce()
    {
        var instrument = Instrument(IdDiscipline.Ranges);
        var batch = TestMarket.Batch(0, Row(1, 3), Row(4, 4), Row(4, 4), Row(3, 6), Row(7, 8), Row(11, 12));
        _sequencer.Process(batch);
        Assert.Equal([(3L, false), (4, false), (8, true), (12, true)], Passed(batch));
        Assert.Equal((1, 1, 4), (Dropped("duplicate"), Dropped("overlap"), Value("pipeline.sequence.missing", "trade")));

        Trade Row(long first, long last) => TestMarket.Trade(instrument, last, 1) with { FirstId = first };
    }

    [Fact]
    public void Process_UnorderedIds_PassOnceWhateverTheirOrder()
    {
        var instrument = Instrument(IdDiscipline.Unordered);
        var trades = Enumerable.Range(0, 3 * RecentIds.DefaultLeast).Select(n => TestMarket.Trade(instrument, n * 7_919L % 100_003, 1)).ToList();
        var batch = TestMarket.Batch(0, [.. trades.SelectMany((trade, i) => new[] { trade, trades[Math.Max(0, i - 4_000)] })]);
        _sequencer.Process(batch);
        Assert.Equal(trades.Select(trade => (trade.Id, false)), Passed(batch));
        Assert.Equal(trades.Count, Dropped("duplicate"));
    }

    [Fact]
    public void Process_OffMarketTrade_CountsItsIdAndIsDropped()
    {
        var offMarket = Trade(5) with { Kind = TradeKind.OffMarket };
        var batch = TestMarket.Batch(0, Trade(1), Trade(2) with { Kind = TradeKind.OffMarket }, Trade(3), offMarket, Trade(6), Trade(7));
        _sequencer.Process(batch);

        // The hole before the one dropped is told with the next that passes.
        Assert.Equal([(1L, false), (3, false), (6, true), (7, false)], Passed(batch));
        Assert.Equal((2, 1), (Dropped("off-market"), Value("pipeline.sequence.missing", "trade")));
    }

    [Fact]
    public void Process_PriceTicks_PassOnceAndInOrderOfSlotAndIndex()
    {
        var batch = new MarketBatch();
        foreach (var (slot, index, signature) in new[] { (5L, 0, "aaaaaaaaab"), (5, 1, "aaaaaaaaab"), (5, 1, "aaaaaaaaab"), (5, 1, "aaaaaaaaac"), (5, 0, "c"), (4, 9, "d"), (6, 0, "aaaaaaaaab"), (7, 0, "e") })
        {
            batch.Add(new PriceTick(TestMarket.Bitcoin, default, default, slot, index, 0, 0, 0, 0), System.Text.Encoding.ASCII.GetBytes(signature));
        }

        _sequencer.Process(batch);
        Assert.Equal(
            [(5L, 0), (5, 1), (5, 1), (7, 0)], batch.Events.Span.ToArray().Select(e => batch.PriceTicks[e.Index]).Select(t => (t.Slot, t.Index)));
        Assert.Equal((2, 2), (Dropped("duplicate"), Dropped("late")));
    }

    [Fact]
    public void Process_NewSeries_IsAGapWhereIdsTellNone()
    {
        var bybit = new Instrument(2, "bybit", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));
        var marked = new List<(string Venue, long Id)>();
        foreach (var (series, id) in new[] { (4L, 1L), (4, 2), (0, 3), (9, 2), (9, 4), (9, 5), (4, 6) })
        {
            var batch = TestMarket.Batch(0, TestMarket.Trade(bybit, id, 0), Trade(id));
            batch.Series = series;
            batch.Add(new PriceTick(TestMarket.Ether, default, default, id, 0, 0, 0, 0, 0), System.Text.Encoding.ASCII.GetBytes($"s{id}"));
            _sequencer.Process(batch);
            var events = batch.Events.Span.ToArray();
            marked.AddRange(events.Where(e => e.Kind == MarketEventKind.Trade).Select(e => batch.Trades[e.Index])
                .Where(trade => trade.AfterGap).Select(trade => (trade.Instrument.Venue, trade.Id)));
            marked.AddRange(events.Where(e => e.Kind == MarketEventKind.PriceTick).Select(e => batch.PriceTicks[e.Index])
                .Where(tick => tick.AfterGap).Select(tick => ("price", tick.Slot)));
        }

        // The copy that came first of the new series marks nothing, what is new behind it does; ids that count need no help.
        Assert.Equal([("bybit", 4L), ("price", 4)], marked);
        Assert.Equal(2, _metrics.Snapshot().Where(sample => sample.Name == "pipeline.sequence.holes").Sum(sample => sample.Value));
    }

    [Fact]
    public void Process_AbsurdSlot_SilencesTheTokenForThreeSlotsOnly()
    {
        var batch = new MarketBatch();
        long[] slots = [300_000_000, 300_000_001, 999_999_999_999, 300_000_001, 300_000_002, 300_000_002, 300_000_003, 300_000_004, 300_000_003];
        foreach (var (index, slot) in slots.Index())
        {
            batch.Add(
                new PriceTick(TestMarket.Bitcoin, default, default, slot, index, 0, 0, 0, 0), System.Text.Encoding.ASCII.GetBytes($"s{index}"));
        }

        _sequencer.Process(batch);
        Assert.Equal(
            [300_000_000, 300_000_001, 999_999_999_999, 300_000_003, 300_000_004],
            batch.Events.Span.ToArray().Select(e => batch.PriceTicks[e.Index].Slot));
        Assert.Equal(1, _metrics.Snapshot().Single(sample => sample.Name == "pipeline.sequence.resets" && sample.Detail == "price").Value);
    }

    [Fact]
    public void Process_TickersMarksAndFunding_OlderOnesAreDroppedAndEqualOnesPass()
    {
        const long AbsurdTime = 9_000_000_000_000_000;
        var batch = new MarketBatch();
        foreach (var time in new long[] { 100, 200, 200, 150, 0, AbsurdTime, 250 })
        {
            batch.Add(new Ticker { Instrument = TestMarket.Bitcoin, EventTime = time });
            batch.Add(new MarkPrice { Instrument = TestMarket.Bitcoin, EventTime = time });
            batch.Add(new FundingRate { Instrument = TestMarket.Bitcoin, EventTime = time });
            batch.Add(new Liquidation { Instrument = TestMarket.Bitcoin, EventTime = time });
        }

        _sequencer.Process(batch);
        Assert.Equal((1, 1, 1), (Dropped("stale-ticker"), Dropped("stale-mark"), Dropped("stale-funding")));
        Assert.Equal(25, batch.Events.Count);
    }

    [Fact]
    public void Process_QuoteIdsBeginAnew_AreFollowed()
    {
        var batch = new MarketBatch();
        foreach (var id in new long[] { 900_000_000, 1, 2, 3, 4 })
        {
            batch.Add(Quote(id));
        }

        _sequencer.Process(batch);
        Assert.Equal([900_000_000L, 3, 4], batch.Events.Span.ToArray().Select(e => batch.Quotes[e.Index].UpdateId));
        Assert.Equal(1, Value("pipeline.sequence.resets", "quote"));
    }

    private static Instrument Instrument(IdDiscipline trades) => new(0, "okx", "BTC-USDT", "BTC-USDT", new SequenceRules(trades, BookRule.Chain));

    private static IEnumerable<(long Id, bool AfterGap)> Passed(MarketBatch batch) =>
        batch.Events.Span.ToArray().Where(e => e.Kind == MarketEventKind.Trade)
            .Select(e => batch.Trades[e.Index]).Select(trade => (trade.Id, trade.AfterGap));

    private static Trade Trade(long id) => TestMarket.Trade(TestMarket.Bitcoin, id, 1);

    private static Quote Quote(long id) => new(TestMarket.Bitcoin, id, default, default, default, default, 0, 0);

    private long Dropped(string reason) => Value("pipeline.graph.dropped", reason);

    private long Value(string name, string detail) => _metrics.Snapshot().Where(s => s.Name == name && s.Detail == detail).Sum(s => s.Value);
}
