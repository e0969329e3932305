using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Feeds.Repair;

public sealed class RepairQueueTests
{
    private const long Second = 1_000_000;

    private readonly RepairQueue _queue = new(new RepairOptions { PageSize = 10 }, capacity: 5);

    [Fact]
    public void Take_OldestOfAnInstrumentFirst_InstrumentsTakeTurns()
    {
        Add(TestMarket.Bitcoin, 100, opened: 3);
        Add(TestMarket.Bitcoin, 50, opened: 1);
        Add(TestMarket.Ether, 7, opened: 2);
        var asked = new List<string>();
        for (var now = 10L; now < 16; now++)
        {
            var hole = _queue.Take(now)!;
            asked.Add($"{hole.Instrument.Id} {hole.Request.FromId}");
            hole.Take(new RepairPage(1, hole.NextId, now, now), now);
            _queue.Return(hole);
        }

        string[] expected = ["BTC-USDT 50", "ETH-USDT 7", "BTC-USDT 50", "ETH-USDT 7", "BTC-USDT 50", "ETH-USDT 7"];
        Assert.Equal(expected, asked);
    }

    [Fact]
    public void Take_OneOfAnInstrumentAtATime_AndNothingBeforeItIsDue()
    {
        Add(TestMarket.Bitcoin, 50, opened: 5);
        Add(TestMarket.Bitcoin, 60, opened: 6);
        Assert.Null(_queue.Take(4));
        Assert.Equal(5, _queue.NextDue);
        var hole = _queue.Take(6)!;
        Assert.Null(_queue.Take(6));
        Assert.Equal(long.MaxValue, _queue.NextDue);
        hole.Retry(6, "rest-behind");
        _queue.Return(hole);

        // The older one has its pause: the other may be asked for meanwhile.
        Assert.Equal(60, _queue.Take(7)!.Request.FromId);
    }

    [Fact]
    public void Add_Full_IsRefusedAndTheSameHoleIsNot()
    {
        for (var id = 1; id <= 5; id++)
        {
            Assert.True(Add(TestMarket.Bitcoin, id * 10));
        }

        Assert.False(Add(TestMarket.Ether, 1));
        Assert.True(Add(TestMarket.Bitcoin, 30));
        Assert.Equal(5, _queue.Count);
        _queue.Remove(TestMarket.Bitcoin, 30);
        Assert.True(Add(TestMarket.Ether, 1));
    }

    [Fact]
    public void Remove_WhileItIsAskedFor_IsNotAskedAgain()
    {
        Add(TestMarket.Bitcoin, 1);
        var hole = _queue.Take(1)!;
        _queue.Remove(TestMarket.Bitcoin, 1);
        Assert.True(hole.IsForgotten);
        Assert.True(Add(TestMarket.Bitcoin, 1));
        _queue.Return(hole);
        Assert.NotSame(hole, _queue.Take(1));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Pause_HoldsForAll()
    {
        Add(TestMarket.Bitcoin, 1);
        _queue.Pause(9 * Second);
        Assert.Null(_queue.Take((9 * Second) - 1));
        Assert.Equal(9 * Second, _queue.NextDue);
        Assert.NotNull(_queue.Take(9 * Second));
    }

    [Fact]
    public void Hole_PagesForwardFromTheFirstMissingToBeyondTheLast()
    {
        var hole = Hole(new IdRange(5, 6), new IdRange(30, 40));
        Assert.Equal((5, 3), (hole.NextId, hole.Rows));
        Assert.Equal((RepairOutcome.Page, 6), Take(hole, maxId: 7));
        Assert.Equal((30, 10), (hole.NextId, hole.Rows));
        Assert.Equal((RepairOutcome.Page, 38), Take(hole, maxId: 39));
        Assert.Equal((40, 2), (hole.NextId, hole.Rows));
        Assert.Equal((RepairOutcome.Done, 40), Take(hole, maxId: 41));
    }

    [Fact]
    public void Hole_LastOneFoundItself_IsDoneThoughOnlyTheOthersAreProved()
    {
        Assert.Equal((RepairOutcome.Done, 39), Take(Hole(new IdRange(30, 40)), maxId: 40));
    }

    [Fact]
    public void Hole_NothingFromItOn_WaitsLongerEachTimeUpToHalfAMinute()
    {
        var hole = Hole(new IdRange(5, 6));
        var now = 0L;
        var pauses = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var answer = hole.Take(new RepairPage(i % 2, i % 2 == 0 ? -1 : 4, 1, 1), now);
            Assert.Equal((RepairOutcome.Retrying, -1), (answer.Outcome, answer.CoveredTo));
            pauses.Add((hole.Due - now) / 1e6);
            now = hole.Due;
        }

        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30], pauses);
        Take(hole, maxId: 5);
        hole.Take(new RepairPage(0, -1, 0, 0), now);
        Assert.Equal(250_000, hole.Due - now);
    }

    [Theory]
    [InlineData(10, 100, RepairOutcome.Done, "")]
    [InlineData(20, 100, RepairOutcome.Done, "")]
    [InlineData(21, 100, RepairOutcome.Abandoned, "not-repairable")]
    [InlineData(10, 49, RepairOutcome.Retrying, "rest-behind")]
    public void Hole_OfTime_IsFilledByAPageThatReachesOverIt(long oldest, long newest, RepairOutcome outcome, string reason)
    {
        var hole = new RepairHole(new RepairRequest(TestMarket.Bitcoin, -1, [], 20, 50, 0), new RepairOptions());
        var answer = hole.Take(new RepairPage(60, 1, oldest, newest), 0);
        Assert.Equal((outcome, reason, -1), (answer.Outcome, answer.Reason, answer.CoveredTo));
    }

    private static RepairHole Hole(params IdRange[] missing) =>
        new(new RepairRequest(TestMarket.Bitcoin, missing[0].First, missing, 0, 0, 0), new RepairOptions { PageSize = 10 });

    private static (RepairOutcome Outcome, long CoveredTo) Take(RepairHole hole, long maxId)
    {
        var answer = hole.Take(new RepairPage(1, maxId, 1, 1), 0);
        return (answer.Outcome, answer.CoveredTo);
    }

    private bool Add(Instrument instrument, long fromId, long opened = 0) =>
        _queue.Add(new RepairRequest(instrument, fromId, [new IdRange(fromId, fromId + 9)], 0, 0, opened));
}
