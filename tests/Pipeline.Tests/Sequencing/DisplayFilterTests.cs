using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Books;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Sequencing;

public sealed class DisplayFilterTests
{
    private readonly DisplayFilter _filter = DisplayFilter.Of(new DisplayFilterOptions { Enabled = true })!;

    [Fact]
    public void Of_Off_IsNothing()
    {
        Assert.Null(DisplayFilter.Of(new DisplayFilterOptions()));
        Assert.Null(DisplayFilter.Of(null));
    }

    /// <summary>One part in ten thousand of a mid of 10,000 is 1: exactly so much passes, a rise and a fall alike.</summary>
    [Theory]
    [InlineData("9999.5", "10000.5", false)]
    [InlineData("10000.499999999999", "10001.5", true)]
    [InlineData("10000.5", "10001.5", false)]
    [InlineData("9998.500000000001", "9999.5", true)]
    [InlineData("9998.5", "9999.5", false)]
    [InlineData("12000", "12001", false)]
    public void Mark_QuoteAfterOneAtTenThousand_IsMinorBelowTheThreshold(string bid, string ask, bool isMinor)
    {
        Quote("9999.5", "10000.5");
        if (bid == "9999.5")
        {
            Assert.False(Quote("20000", "20001"));
        }

        Assert.Equal(isMinor, Quote(bid, ask));
    }

    [Fact]
    public void Mark_SlowDrift_PassesWhenItAddsUp()
    {
        var minor = Enumerable.Range(0, 41).Select(step => Quote($"{9_999 + (step / 10m)}", $"{10_001 + (step / 10m)}")).ToList();
        Assert.Equal([0, 10, 21, 32], minor.Index().Where(one => !one.Item).Select(one => one.Index));
    }

    [Fact]
    public void Mark_CrossedOrOneSided_IsNeverMinorAndNeitherIsTheNext()
    {
        Quote("100", "101");
        Assert.True(Quote("100", "101"));
        Assert.False(Quote("101", "100"));
        Assert.False(Quote("100", "101"));
        Assert.False(Quote("0", "101"));
        Assert.False(Quote("100", "101"));
        Assert.False(Quote("100", "101", askQuantity: "0"));
        Assert.False(Quote("100", "101"));
        Assert.True(Quote("100", "101"));
    }

    [Fact]
    public void Mark_PricesOfAnySize_AreComparedExactly()
    {
        Assert.False(Quote("0.000000000000000000123456789012345", "0.000000000000000000123456789012346"));
        Assert.True(Quote("0.000000000000000000123456789012345", "0.000000000000000000123456789012347"));
        Assert.False(Quote("999999999999999998", "999999999999999999"));
        Assert.True(Quote("999999999999999997", "999999999999999999"));
        Assert.False(Quote("999899999999999998", "999899999999999999"));
    }

    [Fact]
    public void Mark_InstrumentsAndKinds_AreApart()
    {
        Assert.False(Quote("100", "101"));
        Assert.False(Partial("100", "101"));
        Assert.True(Partial("100", "101"));
        var batch = new MarketBatch();
        batch.Add(new Quote(TestMarket.Ether, 1, Number.Parse("100"), Number.Parse("1"), Number.Parse("101"), Number.Parse("1"), 0, 0));
        batch.Add(TestMarket.Trade(TestMarket.Ether, 1, 0));
        _filter.Mark(batch);
        Assert.False(batch.Quotes[0].Minor);
        Assert.Equal(2, batch.Events.Count);
    }

    [Fact]
    public void Station_RecordsOfAHeldBook_AreMarkedByItsBestLevels()
    {
        using var metrics = new PipelineMetrics();
        var station = new BookStation(new BookOptions { Depth = 5 }, new BookRequests(_ => { }), metrics, _filter);
        Assert.False(Process(station, BookUpdateKind.Snapshot, 10, "100:1 90.001:1", "101:1"));
        Assert.True(Process(station, BookUpdateKind.Update, 11, "99:1", ""));
        Assert.True(Process(station, BookUpdateKind.Update, 12, "100.005:1", ""));
        Assert.False(Process(station, BookUpdateKind.Update, 13, "100.1:1", ""));
        Assert.True(Process(station, BookUpdateKind.Update, 14, "98:1", ""));
        Assert.False(Process(station, BookUpdateKind.Update, 15, "", "101:0"));
        Assert.False(Process(station, BookUpdateKind.Update, 16, "", "101:1"));

        // A whole record, by the clock or with an update, is never minor, and what follows is compared with it.
        Assert.False(Process(station, BookUpdateKind.Update, 17, "98:2", "", now: 20 * TestBooks.Second));
        Assert.True(Process(station, BookUpdateKind.Update, 18, "98:3", "", now: 20 * TestBooks.Second));
    }

    private static bool Process(BookStation station, BookUpdateKind kind, long id, string bids, string asks, long now = 0)
    {
        var (bid, ask) = (TestBooks.Levels(bids), TestBooks.Levels(asks));
        var batch = new MarketBatch { Now = now };
        batch.Add(TestBooks.Of(TestBooks.Instrument(BookRule.Range), kind, id, id, id - 1, bid.Length, ask.Length), [.. bid, .. ask]);
        station.Process(batch);
        return batch.BookUpdates[Assert.Single(batch.Events.Span.ToArray()).Index].Minor;
    }

    private bool Quote(string bid, string ask, string askQuantity = "1")
    {
        var batch = new MarketBatch();
        batch.Add(new Quote(
            TestMarket.Bitcoin, 1, Number.Parse(bid), Number.Parse("1"), Number.Parse(ask), Number.Parse(askQuantity), 0, 0));
        _filter.Mark(batch);
        return batch.Quotes[0].Minor;
    }

    private bool Partial(string bid, string ask)
    {
        var batch = new MarketBatch();
        batch.Add(
            TestBooks.Of(TestMarket.Bitcoin, BookUpdateKind.Partial, 1, 1, -1, 1, 1),
            [new BookLevel(Number.Parse(bid), Number.Parse("1")), new BookLevel(Number.Parse(ask), Number.Parse("1"))]);
        _filter.Mark(batch);
        return batch.BookUpdates[0].Minor;
    }
}
