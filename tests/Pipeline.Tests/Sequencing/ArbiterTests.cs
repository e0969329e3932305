using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Tests.Sequencing;

public sealed class ArbiterTests
{
    private readonly Arbiter _arbiter = new();

    [Fact]
    public void Judge_FirstIdEver_IsTheAnchor()
    {
        Assert.Equal(TradeVerdict.Next, _arbiter.Judge(5000, 5000, 0, out var gap));
        Assert.Null(gap);
        _arbiter.Advance(5000, 0);
        Assert.Equal(-2, _arbiter.NextId);
        _arbiter.Settle(isPlain: true);
        Assert.Equal((5000, 5001), (_arbiter.Frontier, _arbiter.NextId));
    }

    [Theory]
    [InlineData(11, 14, "Next")]
    [InlineData(13, 15, "Ahead")]
    [InlineData(9, 13, "Overlap")]
    [InlineData(8, 10, "Duplicate")]
    [InlineData(3, 4, "Late")]
    [InlineData(5, 5, "Late")]
    [InlineData(1, 8, "Overlap")]
    [InlineData(5, 6, "Overlap")]
    public void Judge_RowOfARange_BesideAHoleThatWasAnnounced(long first, long last, string verdict)
    {
        // Up to 10, but 3 to 5 are missing.
        _arbiter.Advance(2, 0);
        _arbiter.Open(Gap(3, 5));
        _arbiter.Waiting!.IsAnnounced = true;
        _arbiter.Waiting!.IsWaiting = false;
        _arbiter.Advance(10, 0);
        Assert.Equal(verdict, _arbiter.Judge(first, last, 0, out _).ToString());
    }

    [Theory]
    [InlineData(3, 4, "Next", false)]
    [InlineData(4, 5, "Within", true)]
    [InlineData(6, 6, "Duplicate", true)]
    [InlineData(5, 7, "Overlap", true)]
    [InlineData(2, 3, "Overlap", false)]
    [InlineData(7, 9, "Overlap", true)]
    [InlineData(9, 9, "Ahead", true)]
    [InlineData(12, 12, "Ahead", true)]
    public void Judge_RowOfARange_BesideOneThatIsWaitedFor(long first, long last, string verdict, bool isBlocked)
    {
        // Up to 2 they went on, 3 to 5 are missing, 6 to 8 wait.
        _arbiter.Advance(2, 0);
        _arbiter.Open(Gap(3, 5));
        _arbiter.Reach(8, 0);
        Assert.Equal(verdict, _arbiter.Judge(first, last, 0, out _).ToString());
        Assert.Equal(isBlocked, _arbiter.IsBlocked(first));
    }

    [Fact]
    public void Judge_FarBelowTheFrontier_IsSuspectOnlyAtALaterTime()
    {
        _arbiter.Advance(5_000_000, 100);
        Assert.Equal(TradeVerdict.Suspect, _arbiter.Judge(1, 1, 101, out _));
        Assert.Equal(TradeVerdict.Duplicate, _arbiter.Judge(1, 1, 100, out _));
        Assert.Equal(TradeVerdict.Duplicate, _arbiter.Judge(5_000_000 - SeriesWatch.FarBelow + 1, 5_000_000 - SeriesWatch.FarBelow + 1, 101, out _));
    }

    [Fact]
    public void Take_RowsOfAHole_LeaveWhatIsMissing()
    {
        var gap = Gap(1, 10);
        gap.Take(4, 5);
        gap.Take(1, 1);
        gap.Take(10, 10);
        Assert.Equal([new IdRange(2, 3), new IdRange(6, 9)], gap.Ask(Instrument).Missing);
        Assert.Equal((2, 6, 2), (gap.FromId, gap.MissingCount, gap.FirstOpen));
        Assert.Equal((false, true, true), (gap.Holds(3, 6), gap.Holds(7, 8), gap.Touches(5, 6)));
        gap.Prove(7);
        Assert.Equal((8, false), (gap.FirstOpen, gap.IsSettled));
        gap.Prove(9);
        Assert.Equal((long.MaxValue, true, false), (gap.FirstOpen, gap.IsSettled, gap.IsFilled));
    }

    [Fact]
    public void Take_EverySecondId_IsBounded()
    {
        var gap = Gap(1, 10_000);
        var taken = 0;
        for (var id = 2L; id <= 10_000; id += 2)
        {
            if (gap.Holds(id, id))
            {
                gap.Take(id, id);
                taken++;
            }
        }

        Assert.Equal(TradeGap.MaxRanges, gap.Ask(Instrument).Missing.Count);

        // The last id is at an end, and needs no further piece.
        Assert.Equal(TradeGap.MaxRanges, taken);
        Assert.True(gap.Holds(1, 1));
    }

    private static Instrument Instrument { get; } = new(0, "venue", "A-B", "AB");

    private static TradeGap Gap(long first, long last) => new(first, last, series: 0) { Reason = GapReason.Stream };
}
