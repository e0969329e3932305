using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Okx;

public sealed class OkxReplyTests
{
    [Theory]
    [InlineData("ws_subscribe.json", 1512L, "books:BTC-USDT", null)]
    [InlineData("ws_unsubscribe.json", null, "tickers:BTC-USDT", null)]
    [InlineData("ws_error_60014.json", null, null, "Requests too frequent (code 60014)", RefusalCause.Busy)]
    public void TryReadReply_Answer_NamesRequestAndStream(
        string fixture, long? id, string? stream, string? error, RefusalCause cause = RefusalCause.Request)
    {
        Assert.True(new OkxAdapter().TryReadReply(OkxFrames.Read(fixture), out var reply));
        Assert.Equal(new SubscriptionReply(id, stream, error) { Cause = cause }, reply);
    }

    [Theory]
    [InlineData("Wrong URL or channel:candle1s,instId:BTC-USDT-SWAP doesn't exist. Please use the correct URL.", "candle1s:BTC-USDT-SWAP")]
    [InlineData("Subscribe failed, wrong URL or channel:trades,instId:NOPE-USDT doesn't exist. Please", "trades:NOPE-USDT")]
    [InlineData("channel:index-tickers,instId:BTC-USDT1 doesn't exist", "index-tickers:BTC-USDT1")]
    [InlineData("Wrong URL or channel:liquidation-orders,instType:SWAPS doesn't exist.", "liquidation-orders:SWAPS")]
    [InlineData("Invalid request: {\\\"op\\\": \\\"subscribe\\\"}", null)]
    public void TryReadReply_Error_NamesTheStreamThatItsTextNames(string message, string? stream)
    {
        var frame = Encoding.UTF8.GetBytes($$"""{"id":"7","event":"error","msg":"{{message}}","code":"60018","connId":"a4d3ae55"}""");
        Assert.True(new OkxAdapter().TryReadReply(frame, out var reply));
        Assert.Equal((7, stream), (reply.Id, reply.Stream));
        Assert.EndsWith(" (code 60018)", reply.Error);
    }

    [Fact]
    public void TryReadReply_AckOfAType_NamesTheStreamAsItWasAskedFor()
    {
        var frame = """{"id":"3","event":"subscribe","arg":{"channel":"liquidation-orders","instType":"SWAP"},"connId":"a"}"""u8;
        Assert.True(new OkxAdapter().TryReadReply(frame, out var reply));
        Assert.Equal(new SubscriptionReply(3, "liquidation-orders:SWAP", null), reply);
    }

    [Theory]
    [InlineData("pong")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"event":"login","code":"0","msg":"","connId":"a"}""")]
    [InlineData("""{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a"}""")]
    [InlineData("""{"event":"subscribe"}""")]
    [InlineData("""{"event":"subscribe","arg":{"channel":"trades","instId":"A"}} x""")]
    [InlineData("""{"event":"error","data":[]}""")]
    [InlineData(null, "ws_notice.json")]
    [InlineData(null, "ws_trades.json")]
    [InlineData(null, "ws_books_snapshot.json")]
    public void TryReadReply_AnythingElse_IsNoAnswer(string? frame, string? fixture = null) =>
        Assert.False(new OkxAdapter().TryReadReply(frame is null ? OkxFrames.Read(fixture!) : Encoding.UTF8.GetBytes(frame), out _));
}
