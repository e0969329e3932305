using Pipeline.Core.Books;
using Pipeline.Core.Market;
using Pipeline.TestKit;

namespace Pipeline.Tests.Books;

public sealed class OrderBookTests
{
    [Fact]
    public void TryApply_LevelsOfAllScales_AreSortedAndExact()
    {
        var book = new OrderBook(100);
        Assert.True(book.TryApply(TestBooks.Levels("100:1 99.5:2 100.25:3 0.000001:4 101:1 100.5:7"), bids: 4));
        Assert.Equal("100.25:3 100:1 99.5:2 0.000001:4", TestBooks.Text(book.Bids));
        Assert.Equal("100.5:7 101:1", TestBooks.Text(book.Asks));
        Assert.Equal(6, book.Scale);
    }

    [Theory]
    [InlineData("0:1")]
    [InlineData("-1:1")]
    [InlineData("1:-1")]
    [InlineData("100000000000:1 0.00000000001:1")]
    public void TryApply_ImpossibleLevel_IsRefused(string levels) =>
        Assert.False(new OrderBook(100).TryApply(TestBooks.Levels(levels), bids: 2));

    [Theory]
    [InlineData("100:1 101:1", false)]
    [InlineData("101:1 101:1", true)]
    [InlineData("101.01:1 101:1", true)]
    public void IsCrossed_BestBidAgainstBestAsk_TellsLockedAndCrossed(string levels, bool isCrossed)
    {
        var book = new OrderBook(100);
        Assert.True(book.TryApply(TestBooks.Levels(levels), bids: 1));
        Assert.Equal(isCrossed, book.IsCrossed);
    }

    [Fact]
    public void TryApply_FullSide_LetsTheWorstGo()
    {
        var book = new OrderBook(maxLevels: 3);
        book.TryApply(TestBooks.Levels("10:1 12:1 11:1 9:1 13:1 20:1 21:1"), bids: 5);
        Assert.Equal("13:1 12:1 11:1", TestBooks.Text(book.Bids));
        Assert.Equal(2, book.Bids.Cut);
        Assert.True(book.Bids.Knows(3));

        // What stood behind the three is unknown now.
        book.TryApply(TestBooks.Levels("13:0"), bids: 1);
        Assert.False(book.Bids.Knows(3));
        Assert.True(book.Bids.Knows(2));
    }

    [Fact]
    public void TryApply_RandomLevels_EqualsASortedDictionary()
    {
        var random = new Random(7);
        var book = new OrderBook(10_000);
        var (bids, asks) = (new SortedDictionary<decimal, Number>(), new SortedDictionary<decimal, Number>());
        for (var i = 0; i < 20_000; i++)
        {
            var isBid = random.Next(2) == 0;
            var price = new Number(random.Next(1, 3_000) * (isBid ? 1 : 10), random.Next(0, i < 10_000 ? 3 : 6));
            var quantity = random.Next(3) == 0 ? Number.Zero : new Number(random.Next(1, 100), 3);
            Assert.True(book.TryApply([new BookLevel(price, quantity)], bids: isBid ? 1 : 0));
            var side = isBid ? bids : asks;
            side[TestBooks.Exact(price)] = quantity;
            if (quantity == Number.Zero)
            {
                side.Remove(TestBooks.Exact(price));
            }
        }

        Assert.Equal(bids.Reverse(), Pairs(book.Bids));
        Assert.Equal(asks, Pairs(book.Asks));
    }

    [Fact]
    public void TryApply_Warm_AllocatesNothing()
    {
        var book = new OrderBook(1_000);
        var levels = new BookLevel[10_000];
        var random = new Random(8);
        foreach (ref var level in levels.AsSpan())
        {
            level = new BookLevel(new Number(random.Next(1, 3_000), 2), new Number(random.Next(0, 4), 0));
        }

        book.TryApply(levels, levels.Length);
        Assert.Equal(0, Allocations.Least(() => book.TryApply(levels, levels.Length)));
    }

    private static IEnumerable<KeyValuePair<decimal, Number>> Pairs(BookSide side) =>
        Enumerable.Range(0, side.Count).Select(depth => KeyValuePair.Create(TestBooks.Exact(side.At(depth).Price), side.At(depth).Quantity));
}
