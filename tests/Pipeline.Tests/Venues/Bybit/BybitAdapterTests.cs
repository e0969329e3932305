using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Bybit;

namespace Pipeline.Tests.Venues.Bybit;

public sealed class BybitAdapterTests
{
    private readonly BybitAdapter _adapter = new();

    [Theory]
    [InlineData(StreamChannel.Trade, "publicTrade.BTCUSDT")]
    [InlineData(StreamChannel.Quote, "orderbook.1.BTCUSDT")]
    [InlineData(StreamChannel.Book, "orderbook.200.BTCUSDT")]
    [InlineData(StreamChannel.Ticker, "tickers.BTCUSDT")]
    [InlineData(StreamChannel.VenueCandle, "kline.1.BTCUSDT kline.60.BTCUSDT kline.W.BTCUSDT")]
    public void StreamNames_PerChannel_AreTheVenuesTopics(StreamChannel channel, string topics)
    {
        var instrument = new Instrument(0, "bybit", "BTC-USDT", _adapter.SymbolOf("BTC-USDT")!);
        CandleInterval[] intervals = [.. ((string[])["1s", "1m", "1h", "1w"]).Select(CandleInterval.Parse)];
        var names = _adapter.StreamNames(instrument, channel, new ChannelOptions("publicTrade", intervals));
        Assert.Equal(topics, string.Join(' ', names));
        Assert.Contains(channel, _adapter.Channels);
    }

    [Fact]
    public void SymbolOf_Perpetual_IsNotOfTheSpotMarket() => Assert.Null(_adapter.SymbolOf("BTC-USDT-PERP"));

    [Fact]
    public void EncodeRequest_Subscribe_IsTheVenuesRequest()
    {
        var request = _adapter.EncodeRequest(SubscriptionAction.Subscribe, 7, ["publicTrade.BTCUSDT", "tickers.BTCUSDT"]);
        Assert.Equal("""{"req_id":"7","op":"subscribe","args":["publicTrade.BTCUSDT","tickers.BTCUSDT"]}""", Encoding.UTF8.GetString(request));
    }

    [Theory]
    [InlineData("ws_subscribe.json", 7L, null)]
    [InlineData("ws_subscribe_error.json", null, "error:handler not found,topic:publicTrade.NOTASYMBOL")]
    public void TryReadReply_Answer_IsForTheWholeRequest(string fixture, long? id, string? error)
    {
        var frame = Fixture.Read("bybit/" + fixture);
        Assert.True(_adapter.TryReadReply(frame, out var reply));
        Assert.Equal(new SubscriptionReply(id, null, error), reply);
        Assert.False(_adapter.IsMarketData(frame));
    }

    [Theory]
    [InlineData("error:already subscribed,topic:tickers.BTCUSDT", RefusalCause.AlreadyHeld)]
    [InlineData("error:handler not found,topic:tickers.NOPE", RefusalCause.Request)]
    public void TryReadReply_Refusal_TellsWhetherSomethingIsWrongWithTheRequest(string message, RefusalCause cause)
    {
        var frame = $$"""{"success":false,"ret_msg":"{{message}}","conn_id":"x","req_id":"7","op":"subscribe"}""";
        Assert.True(_adapter.TryReadReply(Encoding.UTF8.GetBytes(frame), out var reply));
        Assert.Equal(new SubscriptionReply(7, null, message) { Cause = cause }, reply);
    }

    [Theory]
    [InlineData("""{"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"}""", false)]
    [InlineData("""{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"ping","op":"ping"}""", false)]
    [InlineData("""{"args":["1672916271846"],"op":"pong"}""", false)]
    [InlineData("""{"success":true,"ret_msg":"","op":"auth"}""", false)]
    [InlineData("""{"ts":1,"topic":"tickers.BTCUSDT","data":{"success":true}}""", true)]
    [InlineData("""{"success":true,"op":"subscribe","req_id":"7"} x""", true)]
    [InlineData("not json", true)]
    public void TryReadReply_NoAnswerToARequest_IsNone(string frame, bool isData)
    {
        var bytes = Encoding.UTF8.GetBytes(frame);
        Assert.False(_adapter.TryReadReply(bytes, out _));
        Assert.Equal(isData, _adapter.IsMarketData(bytes));
    }

    [Fact]
    public void TryReadReply_MarketData_IsNoAnswer() =>
        Assert.All(
            ParserHarness.Fixtures("bybit").Where(path => !path.Contains("subscribe") && !path.Contains("pong")),
            path => Assert.True(!_adapter.TryReadReply(File.ReadAllBytes(path), out _) && _adapter.IsMarketData(File.ReadAllBytes(path))));
}
