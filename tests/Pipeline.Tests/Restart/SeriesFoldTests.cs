using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Restart;

public sealed class SeriesFoldTests
{
    /// <summary>As station 4 counts: one that an audit has had asked for again says nothing new of the venue's ids.</summary>
    [Fact]
    public void Note_SilentHoles_AreRememberedAndCountedOnce()
    {
        var fold = new SeriesFold(Bitcoin, null);
        fold.Note(Of(2, GapState.VenueSilent, GapReason.Stream));
        fold.Note(Of(5, GapState.VenueSilent, GapReason.Stream));
        Assert.Equal((2, "2 5"), Told(fold));
        fold.Note(Of(2, GapState.Open, GapReason.Audit));
        Assert.Equal((2, "5"), Told(fold));
        fold.Note(Of(2, GapState.VenueSilent, GapReason.Audit));
        Assert.Equal((2, "5 2"), Told(fold));
        Assert.Equal((2, "5 2"), Told(new SeriesFold(Bitcoin, fold.ToState())));
        fold.Note(Of(5, GapState.Open, GapReason.Audit));
        fold.Note(Of(5, GapState.Repaired, GapReason.Audit));
        Assert.Equal((0, "2"), Told(fold));
        for (var id = 10; id < 40; id++)
        {
            fold.Note(Of(id, GapState.VenueSilent, GapReason.Stream));
        }

        Assert.Equal(SilentHoles.Most, fold.ToState().SilentHoles.Count);
        Assert.Equal(39, fold.ToState().SilentHoles[^1].FromId);
    }

    /// <summary>
    /// The record of a hole is there, the first trade behind it is not: the next to come is the one behind the hole. Else the hole is found once
    /// more, and its trades are fetched twice.
    /// </summary>
    [Theory]
    [InlineData(GapState.Open)]
    [InlineData(GapState.VenueSilent)]
    public void End_HoleWithoutATradeBehindIt_NextIsTheOneBehindTheHole(GapState state)
    {
        var fold = new SeriesFold(Bitcoin, null);
        var found = new List<Gap>();
        Assert.True(fold.Take(TradeOf(4), out _, found));
        fold.Note(Of(5, state, GapReason.Stream) with { ToId = 7, Missing = [new IdRange(5, 7)], ToTime = 70 });
        Assert.Empty(fold.End(100, found));
        Assert.Empty(found);
        Assert.Equal((7L, 70L), (fold.ToState().Frontier, fold.ToState().FrontierTime));
        Assert.Equal(state == GapState.Open ? 1 : 0, fold.ToState().OpenGaps.Count);
    }

    /// <summary>Trades before an announced hole were under way when the process ended: they are a hole too.</summary>
    [Fact]
    public void End_TradesBeforeAnAnnouncedHoleAreMissing_AreAHole()
    {
        var fold = new SeriesFold(Bitcoin, null);
        var found = new List<Gap>();
        Assert.True(fold.Take(TradeOf(4), out _, found));
        fold.Note(Of(8, GapState.Open, GapReason.Stream) with { FromTime = 60 });
        var missing = Assert.Single(fold.End(100, found));
        Assert.Equal((5L, 7L, GapState.Open, GapReason.Restart), (missing.FromId, missing.ToId, missing.State, missing.Reason));
        Assert.Equal(5, Assert.Single(found).FromId);
        Assert.Equal("5 8", string.Join(' ', fold.ToState().OpenGaps.Select(gap => gap.FromId).Order()));
        Assert.Equal(8, fold.ToState().Frontier);
    }

    /// <summary>A hole that was filled in time has its record behind its trades; where that did not come through, the restart writes it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void End_FetchedInTime_IsInTheLedgerOnce(bool isTold)
    {
        var fold = new SeriesFold(Bitcoin, null);
        var found = new List<Gap>();
        Assert.True(fold.Take(TradeOf(4), out _, found));
        Assert.True(fold.Take(TradeOf(5) with { Source = TradeSource.Repair }, out var afterGap, found));
        Assert.True(fold.Take(TradeOf(6) with { Source = TradeSource.Repair }, out _, found));
        Assert.True(fold.Take(TradeOf(7), out _, found));
        Assert.False(afterGap);
        if (isTold)
        {
            fold.Note(Of(5, GapState.Repaired, GapReason.Stream) with { ToId = 6 });
        }

        var missing = fold.End(100, found);
        Assert.Empty(found);
        Assert.Equal(isTold ? [] : [(5L, 6L, GapState.Repaired, false)], missing.Select(gap => (gap.FromId, gap.ToId, gap.State, gap.IsAnnounced)));
        Assert.Empty(fold.ToState().OpenGaps);
    }

    private static Trade TradeOf(long id) => Trade(Bitcoin, id, id * 10);

    private static (int Count, string Ids) Told(SeriesFold fold) =>
        (fold.ToState().SilentGaps, string.Join(' ', fold.ToState().SilentHoles.Select(gap => gap.FromId)));

    private static Gap Of(long id, GapState state, string reason) => new(
        Bitcoin, id, id, state, reason, state == GapState.Repaired ? [] : [new IdRange(id, id)], 0, 1, 2, 3, 4, IsAnnounced: true);
}
