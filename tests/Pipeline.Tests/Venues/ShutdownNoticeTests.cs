using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Bybit;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues;

public sealed class ShutdownNoticeTests
{
    [Theory]
    [InlineData("""{"e":"serverShutdown","E":1794900000123}""")]
    [InlineData("""{"E":1794900000123,"e":"serverShutdown"}""")]
    [InlineData("""{ "e" : "serverShutdown" }""")]
    [InlineData("""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1794900000123}}""")]
    [InlineData("""{"data":{"E":1,"e":"serverShutdown"},"stream":"!serverShutdown"}""")]
    public void Binance_ServerShutdown_IsOne_AndNeitherDataNorDeadLetter(string frame)
    {
        foreach (var adapter in new IVenueAdapter[] { new BinanceSpotAdapter(), new BinanceFuturesAdapter() })
        {
            AssertNotice(adapter, Encoding.UTF8.GetBytes(frame));
        }
    }

    [Theory]
    [InlineData("""{"e":"trade","E":1,"s":"SERVER","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT"}}""")]
    [InlineData("""{"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}""")]
    [InlineData("""{"result":["serverShutdown"],"id":1}""")]
    [InlineData("""{"error":{"code":2,"msg":"\"serverShutdown\""},"e":"error"}""")]
    [InlineData("""{"stream":"!x","data":{"x":{"e":"serverShutdown"}}}""")]
    [InlineData("""{"e":"serverShutdown""")]
    [InlineData("Pong timeout")]
    [InlineData("")]
    public void Binance_AnythingElse_IsNone(string frame) => AssertNone(new BinanceSpotAdapter(), frame);

    [Theory]
    [InlineData("""{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}""")]
    [InlineData("""{"code":64008,"msg":"x","event":"notice"}""")]
    public void Okx_Notice64008_IsOne_AndNeitherDataNorDeadLetter(string frame) =>
        AssertNotice(new OkxAdapter(), Encoding.UTF8.GetBytes(frame));

    [Fact]
    public void Okx_Fixture_IsOne() => AssertNotice(new OkxAdapter(), Fixture.Read("okx/ws_notice.json"));

    [Theory]
    [InlineData("""{"event":"notice","code":"64009","msg":"not 64008"}""")]
    [InlineData("""{"event":"error","code":"64008","msg":"x"}""")]
    [InlineData("""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"px":"64008"}]}""")]
    [InlineData("pong")]
    [InlineData("64008")]
    public void Okx_AnythingElse_IsNone(string frame) => AssertNone(new OkxAdapter(), frame);

    [Fact]
    public void AVenueWithoutNotices_HasNone() => AssertNone(new BybitAdapter(), """{"e":"serverShutdown","event":"notice","code":"64008"}""");

    private static void AssertNotice(IVenueAdapter adapter, byte[] frame)
    {
        Assert.True(adapter.IsShutdownNotice(frame));
        Assert.False(adapter.IsMarketData(frame));
        var source = new FeedSource(adapter.Venue, "x", adapter.Parser, new SymbolTable(), 1000);
        var parsed = new VenueBatchPool().Rent();
        adapter.Parser.Parse(FrameBatch.Of(source, 1, frame), parsed);
        Assert.Equal((1, 0, 0), (parsed.ControlFrames, parsed.Events.Count, parsed.DeadLetters.Count));
    }

    private static void AssertNone(IVenueAdapter adapter, string frame) => Assert.False(adapter.IsShutdownNotice(Encoding.UTF8.GetBytes(frame)));
}
