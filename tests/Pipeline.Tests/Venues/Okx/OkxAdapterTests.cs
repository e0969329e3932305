using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Okx;

public sealed class OkxAdapterTests
{
    private static readonly OkxAdapter Adapter = new();
    private static readonly Instrument Spot = new(0, "okx", "BTC-USDT", "BTC-USDT");
    private static readonly Instrument Swap = new(1, "okx", "BTC-USDT-PERP", "BTC-USDT-SWAP");

    [Theory]
    [InlineData("pong", false)]
    [InlineData("""{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade."}""", false)]
    [InlineData("""{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"abcd"}""", false)]
    [InlineData("""{"id":"1","event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"}}""", false)]
    [InlineData("""{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[]}""", true)]
    [InlineData("""{"data":[],"arg":{"channel":"tickers","instId":"BTC-USDT"}}""", true)]
    public void IsMarketData_PongsAndNotices_AreNone(string frame, bool expected) =>
        Assert.Equal(expected, new OkxAdapter().IsMarketData(System.Text.Encoding.UTF8.GetBytes(frame)));

    [Theory]
    [InlineData("BTC-USDT", "BTC-USDT")]
    [InlineData("BTC-USDT-PERP", "BTC-USDT-SWAP")]
    [InlineData("ETH-USDC-PERP", "ETH-USDC-SWAP")]
    [InlineData("BTC-USD-PERP", null)]
    [InlineData("BTC-USDT-SWAP", null)]
    public void SymbolOf_OurId_IsTheVenuesSpelling(string id, string? symbol) => Assert.Equal(symbol, Adapter.SymbolOf(id));

    [Theory]
    [InlineData(StreamChannel.Trade, "trades:BTC-USDT", "trades:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.Quote, "bbo-tbt:BTC-USDT", "bbo-tbt:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.Book, "books:BTC-USDT", "books:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.PartialBook, "books5:BTC-USDT", "books5:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.Ticker, "tickers:BTC-USDT", "tickers:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.MarkPrice, "", "mark-price:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.Funding, "", "funding-rate:BTC-USDT-SWAP")]
    [InlineData(StreamChannel.Liquidation, "", "liquidation-orders:SWAP")]
    [InlineData(
        StreamChannel.VenueCandle, "candle1m:BTC-USDT candle1H:BTC-USDT candle6Hutc:BTC-USDT candle1Wutc:BTC-USDT",
        "candle1m:BTC-USDT-SWAP candle1H:BTC-USDT-SWAP candle6Hutc:BTC-USDT-SWAP candle1Wutc:BTC-USDT-SWAP")]
    public void StreamNames_EachChannel_OfSpotAndSwap(StreamChannel channel, string spot, string swap)
    {
        var options = new ChannelOptions("trades", [.. "1m 15s 1h 6h 1w".Split(' ').Select(CandleInterval.Parse)]);
        Assert.Equal(spot, string.Join(' ', Adapter.StreamNames(Spot, channel, options)));
        Assert.Equal(swap, string.Join(' ', Adapter.StreamNames(Swap, channel, options)));
    }

    [Theory]
    [InlineData("trades-all:BTC-USDT", "wss://venue.test/ws/v5/business")]
    [InlineData("candle1Dutc:BTC-USDT-SWAP", "wss://venue.test/ws/v5/business")]
    [InlineData("trades:BTC-USDT", "wss://venue.test/ws/v5/public")]
    [InlineData("liquidation-orders:SWAP", "wss://venue.test/ws/v5/public")]
    public void StreamUri_RouteOfAStream_IsItsAddress(string stream, string address) =>
        Assert.Equal(address, Adapter.StreamUri(new Uri("wss://venue.test"), Adapter.RouteOf(stream)).ToString());

    [Fact]
    public void EncodeRequest_Streams_AreObjects()
    {
        Assert.Equal(
            """{"id":"12","op":"subscribe","args":[{"channel":"candle1m","instId":"BTC-USDT"},{"channel":"liquidation-orders","instType":"SWAP"}]}""",
            Encoding.UTF8.GetString(Adapter.EncodeRequest(SubscriptionAction.Subscribe, 12, ["candle1m:BTC-USDT", "liquidation-orders:SWAP"])));
        Assert.Equal(
            """{"id":"13","op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}""",
            Encoding.UTF8.GetString(Adapter.EncodeRequest(SubscriptionAction.Unsubscribe, 13, ["books:BTC-USDT"])));
    }

    [Fact]
    public void RulesFor_TradeSources_SayHowIdsHangTogether() => Assert.Equal(
        [new SequenceRules(IdDiscipline.Contiguous, BookRule.Chain), new SequenceRules(IdDiscipline.Ranges, BookRule.Chain)],
        Adapter.TradeSources.Select(Adapter.RulesFor));

    [Fact]
    public void KeepAlive_IsTheBareTextBelowTheVenuesThirtySeconds()
    {
        var keepAlive = Adapter.KeepAlive!;
        Assert.Equal("ping", Encoding.UTF8.GetString(keepAlive.Message.Span));
        Assert.InRange(keepAlive.Interval + keepAlive.AnswerTimeout, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(29));
    }
}
