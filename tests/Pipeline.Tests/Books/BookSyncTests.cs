using Pipeline.Core.Books;
using Pipeline.Core.Market;
using static Pipeline.Tests.Books.TestBooks;

namespace Pipeline.Tests.Books;

public sealed class BookSyncTests
{
    private static readonly BookOptions Options = new() { Depth = 2, SnapshotDepth = 3, MaxBufferedUpdates = 4, MaxBufferedLevels = 8 };

    [Fact]
    public void Apply_FirstUpdate_AsksOnceAndWaits()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Assert.True(Update(sync, 1, 5, now: 0).Request);
        Assert.False(Update(sync, 6, 9, now: Second).Request);
        Assert.Equal((BookState.Recovering, 2, 10 * Second), (sync.State, sync.Buffered, sync.Deadline));
    }

    [Fact]
    public void Apply_SnapshotUnderTheBuffer_BuildsTheBook()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Update(sync, 1, 5, levels: "100:9");
        Update(sync, 6, 9, levels: "100:2");
        Update(sync, 10, 11, levels: "99:0");
        Assert.True(Snapshot(sync, 7, "100:1 99:1 101:1").Rebuilt);
        Assert.Equal((BookState.Valid, 11L, 0, long.MaxValue), (sync.State, sync.Id, sync.Buffered, sync.Deadline));
        Assert.Equal("100:2", Text(sync.Book.Bids));
    }

    [Fact]
    public void Apply_Gap_LosesTheBookAndKeepsWhatCame()
    {
        var sync = Valid(BookRule.Range, 10);
        var effects = Update(sync, 15, 20, now: Second, levels: "100:5");
        Assert.Equal(("gap", true, BookState.Recovering, 1), (effects.Lost, effects.Request, sync.State, sync.Buffered));
        Update(sync, 21, 22, now: Second, levels: "99:7");
        Assert.True(Snapshot(sync, 16, "98:1 102:1").Rebuilt);
        Assert.Equal((22L, "100:5 99:7 98:1"), (sync.Id, Text(sync.Book.Bids)));
    }

    [Fact]
    public void Apply_SnapshotTooOld_KeepsTheBufferAndAsksEverMoreRarely()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Update(sync, 100, 105, now: 0);
        var asked = new List<long>();
        for (var now = 0L; now < 130 * Second; now += Second / 10)
        {
            // Each request is answered at once, by a cache that stands still.
            if (sync.Tick(now).Request || now == 0)
            {
                asked.Add(now);
                Assert.Equal("too-old", Snapshot(sync, 50, "100:1 101:1", now).Snapshot);
            }
        }

        Assert.Equal([1L, 2, 4, 8, 16, 32, 60], asked.Zip(asked.Skip(1), (a, b) => (b - a) / Second));
        Assert.Equal((BookState.Invalid, 1), (sync.State, sync.Buffered));
        Assert.True(Snapshot(sync, 104, "100:1 101:1", 130 * Second).Rebuilt);
        Assert.Equal(105, sync.Id);
    }

    [Fact]
    public void Tick_NoAnswer_AsksAgainAfterTheDeadline()
    {
        var sync = new BookSync(BookRule.Previous, Options);
        Update(sync, 1, 5, previous: 0);
        Assert.Equal(default, sync.Tick((10 * Second) - 1));
        var effects = sync.Tick(10 * Second);
        Assert.Equal(("unanswered", true, BookState.Recovering), (effects.Snapshot, effects.Request, sync.State));
        Assert.Equal(20 * Second, sync.Deadline);
    }

    [Fact]
    public void Apply_LostAgainAndAgain_PausesUntilItHasStood()
    {
        var sync = Valid(BookRule.Range, 10);
        Assert.True(Update(sync, 20, 21, now: Second).Request);
        Snapshot(sync, 21, "100:1 101:1", now: Second);
        Assert.False(Update(sync, 30, 31, now: (2 * Second) - 1).Request);
        Assert.True(sync.Tick(2 * Second).Request);
        Snapshot(sync, 31, "100:1 101:1", now: 2 * Second);
        Assert.False(Update(sync, 40, 41, now: 3 * Second).Request);
        Assert.Equal(4 * Second, sync.Deadline);
        sync.Tick(4 * Second);
        Snapshot(sync, 41, "100:1 101:1", now: 4 * Second);
        Assert.True(Update(sync, 50, 51, now: 70 * Second).Request);
        Snapshot(sync, 51, "100:1 101:1", now: 70 * Second);
        Update(sync, 60, 61, now: 70 * Second);
        Assert.Equal(71 * Second, sync.Deadline);
    }

    [Fact]
    public void Apply_SecondAnswerWhileValid_ChangesNothing()
    {
        var sync = Valid(BookRule.Range, 10);
        Assert.Equal("not-needed", Snapshot(sync, 500, "1:1 2:1").Snapshot);
        Assert.Equal(10, sync.Id);
    }

    [Theory]
    [InlineData(BookRule.Range, "101:1", "crossed")]
    [InlineData(BookRule.Resend, "102:1", "crossed")]
    [InlineData(BookRule.Range, "0:1", "impossible-level")]
    public void Apply_BookMakesNoSense_IsLostAndASnapshotFromBeforeIsTooOld(BookRule rule, string levels, string reason)
    {
        var sync = Valid(rule, 10);
        var effects = Update(sync, 11, 12, now: Second, levels: levels);
        Assert.Equal((reason, true, BookState.Recovering), (effects.Lost, effects.Request, sync.State));
        if (rule == BookRule.Range)
        {
            Assert.Equal("too-old", Snapshot(sync, 11, "100:1 101:1", now: Second).Snapshot);
            Assert.True(Snapshot(sync, 12, "100:1 101:1", now: Second).Rebuilt);
        }
    }

    [Fact]
    public void Apply_MarketMovesBeyondTheSnapshot_AsksForANewOne()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Update(sync, 1, 1);
        Snapshot(sync, 1, "100:1 99:1 98:1 101:1", bids: 3);
        Assert.Null(Update(sync, 2, 2, levels: "97:1").Lost);
        Assert.Null(Update(sync, 3, 3, levels: "100:0").Lost);
        Assert.Equal("depth", Update(sync, 4, 4, levels: "99:0").Lost);
    }

    [Fact]
    public void Apply_MarketMovesBeyondEverySnapshot_AsksAtTheLeastPauseEachTime()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Update(sync, 1, 1);
        for (var round = 1; round <= 8; round++)
        {
            var id = round * 10;
            Assert.True(Snapshot(sync, id, "100:1 99:1 98:1 101:1", bids: 3, now: round * Second).Rebuilt);
            Assert.Null(Update(sync, id + 1, id + 1, levels: "100:0", now: round * Second).Lost);
            var lost = Update(sync, id + 2, id + 2, levels: "99:0", now: (round + 1) * Second);
            Assert.Equal(("depth", true), (lost.Lost, lost.Request));
        }
    }

    [Fact]
    public void Apply_VenueCountsAnew_IsNoticed()
    {
        var sync = Valid(BookRule.Range, 5_000_000);
        Assert.Equal("stale-book", Update(sync, 1, 2).Dropped);
        Update(sync, 3, 4);
        Assert.Equal("ids-restarted", Update(sync, 5, 6, now: Second).Lost);
        Assert.True(Snapshot(sync, 6, "100:1 101:1", now: Second).Rebuilt);
    }

    [Fact]
    public void Apply_BufferFull_LetsTheOldestGo()
    {
        var sync = new BookSync(BookRule.Range, Options);
        for (var id = 1; id <= 9; id++)
        {
            Update(sync, id, id, levels: "100:1 99:1");
        }

        // Eight levels are four updates: 6 to 9.
        Assert.Equal(4, sync.Buffered);
        Assert.Equal("too-old", Snapshot(sync, 4, "98:1 101:1").Snapshot);
        Assert.True(Snapshot(sync, 5, "98:1 101:1").Rebuilt);
        Assert.Equal("100:1 99:1 98:1", Text(sync.Book.Bids));
    }

    [Fact]
    public void Apply_ChainGap_IgnoresOldUpdatesUntilTheSnapshot()
    {
        var sync = Valid(BookRule.Chain, 10);
        Assert.True(Update(sync, 30, 30, previous: 20, now: Second).Request);

        // 5 to 50 old ones still arrive between subscribing again and the snapshot; none of them asks again.
        for (var id = 30; id < 80; id++)
        {
            var effects = Update(sync, id + 1, id + 1, previous: id, now: Second);
            Assert.Equal(("book-recovering", false), (effects.Dropped, effects.Request));
        }

        Assert.True(Snapshot(sync, 90, "50:1 51:1", now: Second).Rebuilt);
        Assert.True(Update(sync, 95, 95, previous: 90, now: Second).Updated);
    }

    [Fact]
    public void Apply_ChainKeepAliveAndReset_AreFollowed()
    {
        var sync = Valid(BookRule.Chain, 10);
        Assert.True(Update(sync, 15, 15, previous: 10, levels: "99:1").Updated);
        Assert.Equal(default, Update(sync, 15, 15, previous: 15));
        var reset = Update(sync, 3, 3, previous: 15, levels: "98:1");
        Assert.Equal((true, true, 3L), (reset.Reset, reset.Updated, sync.Id));
        Assert.True(Update(sync, 5, 5, previous: 3, levels: "97:1").Updated);
        Assert.Equal(BookState.Valid, sync.State);
    }

    [Fact]
    public void Apply_ChainBeginsWithoutSnapshot_AsksOnlyAfterTheDeadline()
    {
        var sync = new BookSync(BookRule.Chain, Options);
        Assert.False(Update(sync, 2, 2, previous: 1).Request);
        Assert.True(sync.Tick(10 * Second).Request);
    }

    [Theory]
    [InlineData(BookUpdateKind.Snapshot, 1)]
    [InlineData(BookUpdateKind.Update, 1)]
    [InlineData(BookUpdateKind.Snapshot, 8)]
    public void Apply_ResendSnapshotOrIdOne_ReplacesTheBook(BookUpdateKind kind, long id)
    {
        var sync = Valid(BookRule.Resend, 10);
        var effects = sync.Apply(Of(Instrument(BookRule.Resend), kind, id, id, bids: 1, asks: 1), Levels("50:1 51:1"), 0);
        Assert.Equal((true, null, id), (effects.Rebuilt, effects.Lost, sync.Id));
        Assert.Equal(("50:1", "51:1"), (Text(sync.Book.Bids), Text(sync.Book.Asks)));
    }

    [Theory]
    [InlineData(BookRule.Range)]
    [InlineData(BookRule.Chain)]
    public void Apply_NobodyToAsk_StaysRecoveringAndCounts(BookRule rule)
    {
        var sync = new BookSync(rule, Options, canAsk: false);
        Assert.Equal("book-no-snapshot", Update(sync, 1, 2).Dropped);
        Assert.Equal((BookState.Recovering, long.MaxValue, 0), (sync.State, sync.Deadline, sync.Buffered));
    }

    [Fact]
    public void SetBack_RequestPlannedByTheOldClock_IsDue()
    {
        var sync = new BookSync(BookRule.Range, Options);
        Update(sync, 1, 5, now: 3600 * Second);
        sync.SetBack(Second);
        sync.Tick(Second);
        Assert.InRange(sync.Deadline, Second, 12 * Second);
    }

    private static BookSync Valid(BookRule rule, long id)
    {
        var sync = new BookSync(rule, Options);
        Snapshot(sync, id, "100:1 101:1");
        Assert.Equal(BookState.Valid, sync.State);
        return sync;
    }

    private static BookEffects Update(BookSync sync, long first, long last, long previous = -1, long now = 0, string levels = "")
    {
        var parsed = Levels(levels);
        return sync.Apply(TestBooks.Update(BookRule.Range, first, last, previous, bids: parsed.Length), parsed, now);
    }

    private static BookEffects Snapshot(BookSync sync, long id, string levels, long now = 0, int bids = -1)
    {
        var parsed = Levels(levels);
        bids = bids < 0 ? parsed.Length - 1 : bids;
        var snapshot = Of(Instrument(BookRule.Range), BookUpdateKind.Snapshot, id, id, -1, bids, parsed.Length - bids);
        return sync.Apply(snapshot, parsed, now);
    }
}
