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
            [(1L, false), (2L, false), (5L, true), (6L, false)],
            batch.Events.Span.ToArray().Select(e => (batch.Trades[e.Index].Id, batch.Trades[e.Index].AfterGap)));
        Assert.Equal((1, 1, 2), (Dropped("duplicate"), Dropped("late"), Value("pipeline.sequence.missing", "trade")));
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
    public void Process_BookUpdates_OlderOnesAreDroppedAndHolesCounted()
    {
        var batch = new MarketBatch();
        foreach (var (first, last) in new[] { (1L, 5L), (6L, 9L), (4L, 8L), (15L, 16L) })
        {
            batch.Add(new OrderBookUpdate(TestMarket.Bitcoin, BookUpdateKind.Update, first, last, -1, 0, 0, 0, 0, 0), []);
        }

        _sequencer.Process(batch);
        Assert.Equal([5L, 9, 16], batch.Events.Span.ToArray().Select(e => batch.BookUpdates[e.Index].LastUpdateId));
        Assert.Equal((1, 5), (Dropped("stale-book"), Value("pipeline.sequence.missing", "book")));
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

    private static Trade Trade(long id) => TestMarket.Trade(TestMarket.Bitcoin, id, 1);

    private static Quote Quote(long id) => new(TestMarket.Bitcoin, id, default, default, default, default, 0, 0);

    private long Dropped(string reason) => Value("pipeline.graph.dropped", reason);

    private long Value(string name, string detail) => _metrics.Snapshot().Where(s => s.Name == name && s.Detail == detail).Sum(s => s.Value);
}
