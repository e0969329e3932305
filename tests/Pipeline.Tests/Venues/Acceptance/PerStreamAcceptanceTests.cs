using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// Rows for venues of which one bad name does not sink its neighbours: so far those that answer each stream by itself. The others join
/// when requests that were refused as a whole are halved.
/// </summary>
public abstract class PerStreamAcceptanceTests : ExchangeAcceptanceTests
{
    /// <summary>TC-04 partial failure: one bad name must not sink its neighbours.</summary>
    [Fact]
    public async Task Subscribe_OneRefusedAmongGood_LosesTheRefusedAlone()
    {
        var refused = Venue.Refused!.Value;
        // All on one address: the bad name belongs among the good ones.
        var good = AcceptanceWorld.StreamsOf(Venue, StreamChannel.Quote, StreamChannel.Book)
            .Where(stream => Adapter.RouteOf(stream) == Adapter.RouteOf(refused.Stream)).ToList();
        await using var world = await AcceptanceWorld.StartAsync(Venue, [good[0], refused.Stream, .. good.Skip(1)]);
        await world.UntilAsync(() => world.Outcomes.Any(outcome => !outcome.IsConfirmed)
            && world.Feed.Statistics.Connections.Sum(connection => connection.Confirmed) == good.Count
            && world.Records.ContainsKey(StreamChannel.Quote) && world.Records.ContainsKey(StreamChannel.Book));

        Assert.Equal([refused.Stream], world.Outcomes.Where(outcome => !outcome.IsConfirmed).SelectMany(outcome => outcome.Streams).Distinct());
    }
}
