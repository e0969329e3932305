using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Bybit;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues;

/// <summary>The parser counts as control frames just those of which the adapter says that they bring no data: statistics rely on it.</summary>
public sealed class ControlFrameTests
{
    public static TheoryData<string, IVenueAdapter> Adapters => new()
    {
        { "binance", new BinanceSpotAdapter() },
        { "binance-futures", new BinanceFuturesAdapter() },
        { "okx", new OkxAdapter() },
        { "bybit", new BybitAdapter() },
    };

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Fixtures_AreControlFramesWhereTheyAreNoData(string venue, IVenueAdapter adapter)
    {
        var fixtures = ParserHarness.Fixtures(venue);
        Assert.NotEmpty(fixtures);
        Assert.All(fixtures, path => AssertSame(adapter, File.ReadAllBytes(path)));
    }

    private static void AssertSame(IVenueAdapter adapter, byte[] frame)
    {
        var batch = new VenueBatch();
        var received = FrameBatch.Of(new FeedSource(adapter.Venue, "test", adapter.Parser, new SymbolTable(), adapter.TimeUnit), 1, frame);
        adapter.Parser.Parse(received, batch);
        received.Release();
        var isDead = batch.DeadLetters.Count > 0;
        Assert.True(isDead || batch.ControlFrames == (adapter.IsMarketData(frame) ? 0 : 1), Encoding.UTF8.GetString(frame));
    }
}
