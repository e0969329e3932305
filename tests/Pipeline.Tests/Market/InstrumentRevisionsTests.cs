using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class InstrumentRevisionsTests
{
    private static readonly InstrumentInfo Bitcoin = InstrumentSamples.Spot("BTC");

    [Fact]
    public void Update_OneStateAfterAnother_AreNumberedAndSaidOnce()
    {
        var revisions = new InstrumentRevisions([]);

        Assert.Equal((1, 10), Numbers(revisions.Update(Bitcoin, 10)));
        Assert.Null(revisions.Update(Bitcoin with { }, 20));
        Assert.Equal((2, 30), Numbers(revisions.Update(Bitcoin with { Status = InstrumentStatus.Halted }, 30)));
        Assert.Equal((3, 40), Numbers(revisions.Update(Bitcoin, 40)));
    }

    [Fact]
    public void Update_AfterARestart_GoesOnFromWhatWasWritten()
    {
        var written = new InstrumentRevisions([]).Update(Bitcoin, 10)!;
        var revisions = new InstrumentRevisions([written with { Revision = 7 }]);

        Assert.Null(revisions.Update(Bitcoin, 20));
        Assert.Equal((8, 30), Numbers(revisions.Update(Bitcoin with { Symbol = "XBTUSDT" }, 30)));
    }

    private static (int Revision, long Time) Numbers(InstrumentRecord? record) => (record!.Revision, record.UpdatedTime);
}
