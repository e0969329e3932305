using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

public sealed class BookSnapshotRouterTests
{
    [Fact]
    public void Request_VenueWithAndWithoutAWay_IsSentOrCounted()
    {
        using var metrics = new PipelineMetrics();
        var sent = new List<Instrument>();
        var router = new BookSnapshotRouter(metrics);
        router.Add("binance", sent.Add);
        var known = TestBooks.Instrument(BookRule.Range);
        router.Request(known);
        router.Request(new Instrument(1, "okx", "BTC-USDT", "BTC-USDT"));
        Assert.Equal([known], sent);
        Assert.Equal(("okx", "no-way", 1), metrics.Snapshot().Where(s => s.Name == "pipeline.books.snapshots").Select(s => (s.Tag, s.Detail, s.Value)).Single());
    }
}
