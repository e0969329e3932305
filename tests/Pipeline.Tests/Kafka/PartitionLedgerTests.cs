using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

public sealed class PartitionLedgerTests
{
    private readonly PartitionLedger _ledger = new();

    [Fact]
    public void OffsetAfter_NothingKnown_IsNull()
    {
        Take(3);
        Assert.Null(_ledger.OffsetAfter(0));
        Assert.Null(_ledger.OffsetAfter(3));
    }

    [Fact]
    public void OffsetAfter_FirstAcknowledgement_TellsOfAll()
    {
        Take(5);
        Assert.Equal(0, _ledger.Acknowledge(2, 2, 100));
        Assert.Equal([100, 101, 102, 105], new long[] { 0, 1, 2, 5 }.Select(taken => _ledger.OffsetAfter(taken)!.Value));
    }

    [Fact]
    public void OffsetAfter_SomebodyElseWrote_IsExactOnBothSides()
    {
        Take(6);
        _ledger.Acknowledge(2, 2, 100);
        Assert.Equal(7, _ledger.Acknowledge(4, 4, 109));

        // Behind the second record lies somebody else's; who asks for what follows it must not miss what is ours.
        Assert.Equal([101, 102, 110, 113], new long[] { 1, 2, 3, 6 }.Select(taken => _ledger.OffsetAfter(taken)!.Value));
    }

    [Fact]
    public void Acknowledge_OffsetsFollowEachOther_IsNoShift()
    {
        Take(6);
        Assert.Equal([0L, 0, 0, 0], [_ledger.Acknowledge(1, 1, 7), _ledger.Acknowledge(2, 2, 8), _ledger.Acknowledge(1, 1, -1001), _ledger.Acknowledge(2, 2, 11)]);
    }

    [Fact]
    public void Expect_FirstRecordElsewhere_IsAShift()
    {
        _ledger.Expect(50);
        Assert.Equal(50, _ledger.OffsetAfter(0));
        Take(1);
        Assert.Equal(51, _ledger.OffsetAfter(1));
        Assert.Equal(3, _ledger.Acknowledge(1, 1, 53));
    }

    [Fact]
    public void Expect_RecordsInFlight_IsRefused()
    {
        Take(1);
        Assert.Throws<InvalidOperationException>(() => _ledger.Expect(5));
    }

    [Fact]
    public void Acknowledge_PartitionOfSeveralWriters_KnowsNoOffsets()
    {
        var shared = new PartitionLedger(followsOffsets: false);
        shared.Take(1);
        shared.Take(1);
        Assert.Equal((0, 0), (shared.Acknowledge(1, 1, 5), shared.Acknowledge(1, 1, 50)));
        Assert.Null(shared.OffsetAfter(2));
    }

    [Fact]
    public void IsAcknowledged_GivenUp_NeverIs()
    {
        Take(4);
        _ledger.Acknowledge(2, 2, 0);
        Assert.True(_ledger.IsAcknowledged(2));
        _ledger.Fail(2, 2);
        Assert.False(_ledger.IsAcknowledged(3));
        Take(2);
        _ledger.Acknowledge(2, 2, 2);
        Assert.False(_ledger.IsAcknowledged(4));
        Assert.False(_ledger.IsAcknowledged(6));
    }

    [Fact]
    public void BeginAnew_AfterAPurge_CountsOnFromThere()
    {
        Take(4);
        _ledger.Acknowledge(1, 1, 10);
        Assert.Equal(3, _ledger.Abandon());
        _ledger.BeginAnew();
        Assert.Null(_ledger.OffsetAfter(4));
        Take(2);
        Assert.False(_ledger.IsAcknowledged(5));
        Assert.Equal(0, _ledger.Acknowledge(1, 1, 11));
        Assert.True(_ledger.IsAcknowledged(5));
        Assert.Equal((11, 12), (_ledger.OffsetAfter(4), _ledger.OffsetAfter(5)));
        Assert.Equal((6, 2, 3), (_ledger.Taken, _ledger.Acknowledged, _ledger.Failed));
    }

    [Fact]
    public void IsAcknowledged_RecordGivenBackSince_DoesNotWaitForIt()
    {
        Take(2);
        var taken = _ledger.Taken;
        _ledger.GiveBack(1);
        _ledger.Acknowledge(1, 1, 0);
        Assert.True(_ledger.IsAcknowledged(taken));
    }

    private void Take(int records)
    {
        for (var i = 0; i < records; i++)
        {
            _ledger.Take(1);
        }
    }
}
