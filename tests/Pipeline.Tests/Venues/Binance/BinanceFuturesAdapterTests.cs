using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Venues.Binance;

public sealed class BinanceFuturesAdapterTests
{
    private readonly BinanceFuturesAdapter _adapter = new();
    private readonly ChannelOptions _options = new("aggTrade", [CandleInterval.Parse("1m"), CandleInterval.Parse("1s")]);

    [Theory]
    [InlineData("BTC-USDT-PERP", "BTCUSDT")]
    [InlineData("1000SHIB-USDC-PERP", "1000SHIBUSDC")]
    [InlineData("BTC-USDT", null)]
    public void SymbolOf_PerpetualsOnly(string id, string? symbol) => Assert.Equal(symbol, _adapter.SymbolOf(id));

    [Theory]
    [InlineData(StreamChannel.Trade, "btcusdt@aggTrade", "wss://fstream.binance.com/market/stream")]
    [InlineData(StreamChannel.Quote, "btcusdt@bookTicker", "wss://fstream.binance.com/public/stream")]
    [InlineData(StreamChannel.Book, "btcusdt@depth@100ms", "wss://fstream.binance.com/public/stream")]
    [InlineData(StreamChannel.PartialBook, "btcusdt@depth20@100ms", "wss://fstream.binance.com/public/stream")]
    [InlineData(StreamChannel.VenueCandle, "btcusdt@kline_1m", "wss://fstream.binance.com/market/stream")]
    [InlineData(StreamChannel.Ticker, "btcusdt@ticker", "wss://fstream.binance.com/market/stream")]
    [InlineData(StreamChannel.MarkPrice, "btcusdt@markPrice@1s", "wss://fstream.binance.com/market/stream")]
    [InlineData(StreamChannel.Funding, "btcusdt@markPrice@1s", "wss://fstream.binance.com/market/stream")]
    [InlineData(StreamChannel.Liquidation, "btcusdt@forceOrder", "wss://fstream.binance.com/market/stream")]
    public void StreamNames_EveryChannel_OnItsRoute(StreamChannel channel, string stream, string address)
    {
        var instrument = new Instrument(0, "binance-futures", "BTC-USDT-PERP", "BTCUSDT");
        Assert.Contains(channel, _adapter.Channels);
        Assert.Equal(stream, Assert.Single(_adapter.StreamNames(instrument, channel, _options)));
        Assert.Equal(address, _adapter.StreamUri(new Uri("wss://fstream.binance.com"), _adapter.RouteOf(stream)).ToString());
    }

    [Fact]
    public void RouteOf_RawTrades_IsPublic() => Assert.Equal("public", _adapter.RouteOf("btcusdt@trade"));

    [Fact]
    public void RulesFor_AnySource_CountsOneByOneAndChainsBooks() =>
        Assert.Equal(new SequenceRules(IdDiscipline.Contiguous, BookRule.Previous), _adapter.RulesFor("aggTrade"));

    [Fact]
    public void EncodeRequest_Names_GoUnescaped() => Assert.Equal(
        """{"method":"UNSUBSCRIBE","params":["币安人生usdt@trade"],"id":7}""",
        Encoding.UTF8.GetString(_adapter.EncodeRequest(SubscriptionAction.Unsubscribe, 7, ["币安人生usdt@trade"])));
}
