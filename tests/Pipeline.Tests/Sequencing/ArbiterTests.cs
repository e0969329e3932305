using Pipeline.Core.Sequencing;

namespace Pipeline.Tests.Sequencing;

public sealed class ArbiterTests
{
    private readonly Arbiter _arbiter = new();

    [Fact]
    public void Judge_FirstIdEver_IsTheAnchor()
    {
        Assert.Equal(Verdict.Next, _arbiter.Judge(5000, 0, out var missing));
        Assert.Equal(0, missing);
        Assert.Equal(5000, _arbiter.Frontier);
    }

    [Fact]
    public void Judge_SecondCopies_AreDuplicates()
    {
        long[] ids = [10, 11, 11, 10, 12, 5];
        Assert.Equal(
            [Verdict.Next, Verdict.Next, Verdict.Duplicate, Verdict.Duplicate, Verdict.Next, Verdict.Duplicate],
            ids.Select(id => _arbiter.Judge(id, 0, out _)));
    }

    [Fact]
    public void Judge_IdsMissing_ReportsTheHole()
    {
        _arbiter.Judge(10, 0, out _);
        Assert.Equal(Verdict.AfterHole, _arbiter.Judge(15, 0, out var missing));
        Assert.Equal(4, missing);
    }

    [Fact]
    public void Judge_IdOfAHole_IsLateOnceThenDuplicate()
    {
        _arbiter.Judge(10, 0, out _);
        _arbiter.Judge(15, 0, out _);
        long[] ids = [13, 13, 11, 14, 12, 12];
        Assert.Equal(
            [Verdict.Late, Verdict.Duplicate, Verdict.Late, Verdict.Late, Verdict.Late, Verdict.Duplicate],
            ids.Select(id => _arbiter.Judge(id, 0, out _)));
    }

    [Fact]
    public void Judge_RandomOrderAndCopies_PassesEachIdAtMostOnceAndRising()
    {
        var random = new Random(3);
        var passed = new List<long>();
        var accounted = new HashSet<long>();
        for (var i = 0; i < 20_000; i++)
        {
            var id = (i / 2) + random.Next(0, 40);
            var verdict = _arbiter.Judge(id, 0, out _);
            if (verdict is Verdict.Next or Verdict.AfterHole)
            {
                passed.Add(id);
                Assert.True(accounted.Add(id));
            }
        }

        Assert.Equal(passed.Order(), passed);
    }

    [Fact]
    public void Judge_MoreHolesThanRemembered_StaysBoundedAndRising()
    {
        for (var id = 0L; id < 10_000; id += 3)
        {
            Assert.NotEqual(Verdict.Duplicate, _arbiter.Judge(id, 0, out _));
        }

        Assert.Equal(Verdict.Duplicate, _arbiter.Judge(1, 0, out _));
        Assert.Equal(Verdict.Late, _arbiter.Judge(9_998, 0, out _));
    }

    [Fact]
    public void Judge_HoleSplitAtTheLimit_ForgetsTheOldest()
    {
        for (var id = 0L; id < 10 * Arbiter.MaxHoles; id += 10)
        {
            _arbiter.Judge(id, 0, out _);
        }

        for (var id = 5L; id < 10 * Arbiter.MaxHoles; id += 10)
        {
            _arbiter.Judge(id, 0, out _);
            Assert.InRange(_arbiter.Holes, 0, Arbiter.MaxHoles);
        }
    }

    [Fact]
    public void Judge_VenueCountsAnew_FollowsAfterThreeInARow()
    {
        _arbiter.Judge(5_000_000, 1, out _);
        var verdicts = new[] { 1L, 2, 3, 4, 6 }.Select((id, i) => _arbiter.Judge(id, 2 + i, out _));
        Assert.Equal([Verdict.Duplicate, Verdict.Duplicate, Verdict.Reset, Verdict.Next, Verdict.AfterHole], verdicts);
    }

    [Fact]
    public void Judge_OneAbsurdId_DoesNotSilenceTheInstrument()
    {
        _arbiter.Judge(100, 1, out _);
        _arbiter.Judge(999_999_999_999_999_999, 2, out _);
        long[] ids = [101, 102, 103, 104];

        // They lie in the hole that the absurd one opened, but a late arrival would be older than it.
        Assert.Contains(Verdict.Reset, ids.Select((id, i) => _arbiter.Judge(id, 3 + i, out _)));
    }

    [Fact]
    public void Judge_OldCopiesOfAnotherLeg_AreNoNewSeries()
    {
        _arbiter.Judge(5_000_000, 100, out _);
        Assert.All(Enumerable.Range(1, 20), id => Assert.Equal(Verdict.Duplicate, _arbiter.Judge(id, 50, out _)));
    }

    [Theory]
    [InlineData(11, 14, Verdict.Next, 0, 14)]
    [InlineData(11, 11, Verdict.Next, 0, 11)]
    [InlineData(13, 15, Verdict.AfterHole, 2, 15)]
    [InlineData(9, 13, Verdict.Overlap, 3, 13)]
    [InlineData(8, 10, Verdict.Duplicate, 0, 10)]
    [InlineData(3, 4, Verdict.Late, 0, 10)]
    [InlineData(1, 8, Verdict.Late, 0, 10)]
    public void Judge_RowOfARange_CoversItsIds(long first, long last, object verdict, long missing, long frontier)
    {
        // 1 to 2 and 6 to 10 are covered, 3 to 5 are a hole.
        _arbiter.Judge(1, 2, 0, out _);
        _arbiter.Judge(6, 10, 0, out _);
        Assert.Equal(verdict, _arbiter.Judge(first, last, 0, out var found));
        Assert.Equal((missing, frontier), (found, _arbiter.Frontier));
    }

    [Fact]
    public void Judge_RestOfAnOverlap_IsAHole()
    {
        _arbiter.Judge(1, 10, 0, out _);
        Assert.Equal(Verdict.Overlap, _arbiter.Judge(8, 14, 0, out _));
        Assert.Equal(Verdict.Duplicate, _arbiter.Judge(9, 10, 0, out _));
        Assert.Equal(Verdict.Late, _arbiter.Judge(11, 12, 0, out _));
        Assert.Equal(Verdict.Late, _arbiter.Judge(13, 14, 0, out _));
        Assert.Equal(Verdict.Next, _arbiter.Judge(15, 16, 0, out _));
    }

    [Fact]
    public void Judge_RowOverSeveralHoles_TakesFromAllOfThem()
    {
        foreach (var id in new long[] { 1, 4, 7, 10 })
        {
            _arbiter.Judge(id, 0, out _);
        }

        Assert.Equal(Verdict.Late, _arbiter.Judge(3, 8, 0, out _));
        Assert.Equal(2, _arbiter.Holes);
        long[] ids = [2, 3, 5, 6, 8, 9];
        Assert.Equal(
            [Verdict.Late, Verdict.Duplicate, Verdict.Duplicate, Verdict.Duplicate, Verdict.Duplicate, Verdict.Late],
            ids.Select(id => _arbiter.Judge(id, 0, out _)));
    }
}
