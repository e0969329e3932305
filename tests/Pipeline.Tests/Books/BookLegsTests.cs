using Pipeline.Core.Books;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using static Pipeline.Tests.Books.TestBooks;

namespace Pipeline.Tests.Books;

public sealed class BookLegsTests
{
    private static readonly BookOptions Options = new() { Depth = 5 };

    [Theory]
    [InlineData(100, 106, true)]
    [InlineData(101, 106, true)]
    [InlineData(102, 106, false)]
    [InlineData(90, 100, false)]
    public void Take_SpotUpdateOfALaterSocket_MovesWhereItBridges(long first, long last, bool moves)
    {
        var book = new World(BookRule.Range, 100);
        Assert.Equal(moves, book.Take(2, first, last, -1, "99:5").Moved);
        Assert.Equal((moves ? last : 100, moves ? 2 : 1), (book.Sync.Id, book.Legs.Followed));
        Assert.Equal(moves ? "100:1 99:5" : "100:1", Text(book.Sync.Book.Bids));
    }

    [Theory]
    [InlineData(95, 106, 90, true)]
    [InlineData(102, 106, 100, true)]
    [InlineData(103, 106, 99, true)]
    [InlineData(103, 106, 101, false)]
    public void Take_FuturesUpdateOfALaterSocket_MovesWhereItBridgesAndFollowsItsChain(long first, long last, long previous, bool moves)
    {
        var book = new World(BookRule.Previous, 100);
        Assert.Equal(moves, book.Take(2, first, last, previous, "99:5").Moved);
        Assert.Equal(moves, book.Take(2, last + 3, last + 4, last, "99:6").Updated);
        Assert.Equal(moves ? last + 4 : 100, book.Sync.Id);
    }

    [Fact]
    public void Take_UpdatesOfTheSocketLeftBehind_AreIgnoredAndMixedWithNothing()
    {
        var book = new World(BookRule.Range, 100);
        book.Take(2, 101, 106, -1, "99:5");
        Assert.Equal("duplicate-book", book.Take(1, 101, 104, -1, "99:4").Dropped);
        Assert.False(book.Take(1, 105, 109, -1, "99:7").Updated);
        Assert.True(book.Take(2, 107, 108, -1, "99:8").Updated);
        Assert.Equal((108, 2, "100:1 99:8"), (book.Sync.Id, book.Legs.Followed, Text(book.Sync.Book.Bids)));
    }

    [Fact]
    public void Take_LaterSocketLeads_WaitsUntilItsRowBridges()
    {
        var book = new World(BookRule.Range, 100);
        book.Take(2, 108, 110, -1, "98:1");
        book.Take(2, 111, 115, -1, "97:1");
        Assert.True(book.Take(1, 101, 105, -1, "99:1").Updated);
        Assert.Equal((105, 1), (book.Sync.Id, book.Legs.Followed));
        var effects = book.Take(1, 106, 109, -1, "98:9");
        Assert.True(effects.Moved && effects.Updated);
        Assert.Equal((115, 2, "100:1 99:1 98:1 97:1"), (book.Sync.Id, book.Legs.Followed, Text(book.Sync.Book.Bids)));
        Assert.Equal(115, book.Legs.LastApplied.LastUpdateId);
    }

    [Fact]
    public void Take_EarlierSocketBridges_IsFollowedOnlyAfterASecondOfSilence()
    {
        var book = new World(BookRule.Range, 100, socket: 5);
        book.Now = 500_000;
        Assert.False(book.Take(3, 101, 110, -1, "99:5").Moved);
        Assert.Equal(1_500_000, book.Legs.Deadline);
        book.Now = 1_499_999;
        Assert.False(book.Tick().Moved);
        book.Now = 1_500_000;
        var effects = book.Tick();
        Assert.True(effects.Moved && effects.Updated);
        Assert.Equal((110, 3, long.MaxValue), (book.Sync.Id, book.Legs.Followed, book.Legs.Deadline));
    }

    [Fact]
    public void Take_FollowedSocketSpeaks_NothingElseIsFollowed()
    {
        var book = new World(BookRule.Range, 100, socket: 5);
        book.Take(3, 101, 102, -1, "99:5");
        book.Now = 900_000;
        book.Take(5, 101, 101, -1, "99:4");
        Assert.Equal(1_900_000, book.Legs.Deadline);
        book.Take(5, 102, 103, -1, "99:3");
        Assert.Equal((103, 5, long.MaxValue), (book.Sync.Id, book.Legs.Followed, book.Legs.Deadline));
    }

    [Fact]
    public void Tick_SilentForASecondAndNothingBridges_IsAGap()
    {
        var book = new World(BookRule.Range, 100);
        book.Take(2, 150, 155, -1, "99:5");
        book.Take(2, 156, 160, -1, "99:6");
        book.Now = 1_000_000;
        var effects = book.Tick();
        Assert.Equal(("gap", true), (effects.Lost, effects.Request));
        Assert.Equal((2, 2), (book.Legs.Followed, book.Sync.Buffered));
        Assert.True(book.Snapshot(152, "100:1 101:1").Rebuilt);
        Assert.Equal(160, book.Sync.Id);
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(1, 3, 2)]
    public void Take_FollowedSocketHasGone_BridgesOrIsAGapAtOnce(int legs, long series, int otherLegs)
    {
        var book = new World(BookRule.Range, 100);
        book.Take(2, 101, 106, -1, "99:5", series: series, legs: legs);
        Assert.Equal((106, 2), (book.Sync.Id, book.Legs.Followed));
        Assert.Equal("gap", book.Take(3, 150, 155, -1, "99:5", series: series + 1, legs: otherLegs).Lost);
        Assert.Equal(3, book.Legs.Followed);
    }

    [Fact]
    public void Take_IdsBeginAnewBehindAReconnection_IsNoticed()
    {
        var book = new World(BookRule.Range, 1_000_000);
        Assert.Null(book.Take(2, 1, 2, -1, "99:5", series: 2, legs: 1).Lost);
        Assert.Null(book.Take(2, 3, 4, -1, "99:5", series: 2, legs: 1).Lost);
        Assert.Equal("ids-restarted", book.Take(2, 5, 6, -1, "99:5", series: 2, legs: 1).Lost);
    }

    [Theory]
    [InlineData(BookRule.Chain, 100, true)]
    [InlineData(BookRule.Chain, 104, true)]
    [InlineData(BookRule.Chain, 99, false)]
    [InlineData(BookRule.Resend, 100, true)]
    [InlineData(BookRule.Resend, 104, true)]
    [InlineData(BookRule.Resend, 99, false)]
    public void Take_SnapshotOfTheTwin_MovesUnlessItIsBehind(BookRule rule, long id, bool moves)
    {
        var book = new World(rule, 100);
        var effects = book.TakeSnapshot(2, id, "100:1 99:7 101:1");
        Assert.Equal((moves, false), (effects.Moved, effects.Rebuilt));
        Assert.Equal((moves ? id : 100, moves ? 2 : 1), (book.Sync.Id, book.Legs.Followed));
        Assert.True(book.Take(2, 0, 105, id, "99:8").Moved || moves);
        Assert.Equal((105, 2, "100:1 99:8"), (book.Sync.Id, book.Legs.Followed, Text(book.Sync.Book.Bids)));
    }

    [Fact]
    public void Take_OkxUpdateOfTheTwinThatGoesOnWhereTheBookIs_Moves()
    {
        var book = new World(BookRule.Chain, 100);
        Assert.False(book.Take(2, 90, 90, 90, "").Moved);
        Assert.True(book.Take(2, 105, 105, 100, "99:8").Moved);
        Assert.True(book.Take(2, 107, 107, 105, "99:9").Updated);
    }

    [Fact]
    public void Take_SteadyStateOfTwoLegs_AllocatesNothing()
    {
        var book = new World(BookRule.Range, 100, socket: 5);
        var levels = Levels("99:5 98:4");
        var any = Update(BookRule.Range, 0, 0, bids: 2);
        var id = 100L;
        Pass(2_000);
        Assert.Equal(0, Allocations.Least(() => Pass(2_000)));
        Assert.Equal((5, id), (book.Legs.Followed, book.Sync.Id));

        void Pass(int count)
        {
            for (; count > 0; count--)
            {
                id++;
                var update = any with { FirstUpdateId = id, LastUpdateId = id };
                book.Legs.Take(update, levels, new BookOrigin(3, 1, 2), id);
                book.Legs.Take(update, levels, new BookOrigin(5, 1, 2), id);
            }
        }
    }

    private sealed class World
    {
        private readonly BookRule _rule;

        public World(BookRule rule, long id, long socket = 1)
        {
            _rule = rule;
            Sync = new BookSync(rule, Options);
            Legs = new BookLegs(Sync, rule, Options, new BufferBudget(100_000));
            if (rule is BookRule.Range or BookRule.Previous)
            {
                Take(socket, id, id, id - 1, "100:1");
                Assert.True(Snapshot(id, "100:1 101:1").Rebuilt);
            }
            else
            {
                Assert.True(TakeSnapshot(socket, id, "100:1 101:1").Rebuilt);
            }
        }

        public BookSync Sync { get; }

        public BookLegs Legs { get; }

        public long Now { get; set; }

        public BookEffects Take(long socket, long first, long last, long previous, string bids, long series = 1, int legs = 2)
        {
            var levels = Levels(bids);
            return Legs.Take(Update(_rule, first, last, previous, levels.Length), levels, new BookOrigin(socket, series, legs), Now);
        }

        public BookEffects TakeSnapshot(long socket, long id, string levels) => Whole(id, levels, new BookOrigin(socket, 1, 2));

        public BookEffects Snapshot(long id, string levels) => Whole(id, levels, default);

        public BookEffects Tick() => Legs.Tick(Now);

        private BookEffects Whole(long id, string text, BookOrigin origin)
        {
            var levels = Levels(text);
            var update = Of(Instrument(_rule), BookUpdateKind.Snapshot, id, id, -1, levels.Length - 1, 1);
            return Legs.Take(update, levels, origin, Now);
        }
    }
}
