using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Venues.Binance;

public sealed class BinanceSpotAdapterTests
{
    private readonly BinanceSpotAdapter _adapter = new();

    [Theory]
    [InlineData("""{"e":"serverShutdown","E":1794900000123}""", false)]
    [InlineData("""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1794900000123}}""", false)]
    [InlineData("""{"result":null,"id":1}""", false)]
    [InlineData("""{"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}""", true)]
    [InlineData("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1}}""", true)]
    public void IsMarketData_NoticesAndAnswers_AreNone(string frame, bool expected) =>
        Assert.Equal(expected, new BinanceSpotAdapter().IsMarketData(System.Text.Encoding.UTF8.GetBytes(frame)));

    [Theory]
    [InlineData(StreamChannel.Trade, "btcusdt@aggTrade")]
    [InlineData(StreamChannel.Quote, "btcusdt@bookTicker")]
    [InlineData(StreamChannel.Book, "btcusdt@depth@100ms")]
    [InlineData(StreamChannel.PartialBook, "btcusdt@depth20@100ms")]
    [InlineData(StreamChannel.VenueCandle, "btcusdt@kline_1m")]
    [InlineData(StreamChannel.Ticker, "btcusdt@ticker")]
    public void StreamNames_EveryChannelItHas_OnOneAddress(StreamChannel channel, string stream)
    {
        var instrument = new Instrument(0, "binance", "BTC-USDT", "BTCUSDT");
        var options = new ChannelOptions("aggTrade", [CandleInterval.Parse("1m"), CandleInterval.Parse("5s")]);
        Assert.Contains(channel, _adapter.Channels);
        Assert.Equal(stream, Assert.Single(_adapter.StreamNames(instrument, channel, options)));
        Assert.Equal("wss://venue.test/stream", _adapter.StreamUri(new Uri("wss://venue.test"), _adapter.RouteOf(stream)).ToString());
    }

    [Theory]
    [InlineData(StreamChannel.MarkPrice)]
    [InlineData(StreamChannel.Liquidation)]
    public void StreamNames_ChannelOfDerivatives_IsAnError(StreamChannel channel)
    {
        var instrument = new Instrument(0, "binance", "BTC-USDT", "BTCUSDT");
        Assert.DoesNotContain(channel, _adapter.Channels);
        Assert.Throws<ArgumentOutOfRangeException>(() => _adapter.StreamNames(instrument, channel, new ChannelOptions("trade", [])));
    }
}
