using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Simulator;

public sealed partial class BinanceStreamTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("trade", """{"e":"trade","E":I,"s":"BTCUSDT","t":I,"p":"D","q":"D","T":I,"m":B,"M":true}""")]
    [InlineData("aggTrade", """{"e":"aggTrade","E":I,"s":"BTCUSDT","a":I,"p":"D","q":"D","f":I,"l":I,"T":I,"m":B,"M":true}""")]
    [InlineData("bookTicker", """{"u":I,"s":"BTCUSDT","b":"D","B":"D","a":"D","A":"D"}""")]
    [InlineData("depth", """{"e":"depthUpdate","E":I,"s":"BTCUSDT","U":I,"u":I,"b":[L],"a":[L]}""")]
    [InlineData("depth@100ms", """{"e":"depthUpdate","E":I,"s":"BTCUSDT","U":I,"u":I,"b":[L],"a":[L]}""")]
    [InlineData("depth5", """{"lastUpdateId":I,"bids":[L],"asks":[L]}""")]
    [InlineData(
        "kline_1m",
        """{"e":"kline","E":I,"s":"BTCUSDT","k":{"t":I,"T":I,"s":"BTCUSDT","i":"1m","f":I,"L":I,"o":"D","c":"D","h":"D","""
        + """ "l":"D","v":"D","n":I,"x":B,"q":"D","V":"D","Q":"D","B":"0"}}""")]
    public async Task Payload_HasTheVenuesFieldsInTheVenuesOrder(string stream, string shape)
    {
        await using var raw = await _simulation.ConnectAsync($"/ws/btcusdt@{stream}");
        await using var combined = await _simulation.ConnectAsync($"/stream?streams=btcusdt@{stream}");
        await OpenAsync(2);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(4));

        var payload = await raw.ReadTextAsync();
        Assert.Matches(Pattern(shape), payload);
        Assert.Equal($"{{\"stream\":\"btcusdt@{stream}\",\"data\":{payload}}}", await combined.ReadTextAsync());
    }

    [Fact]
    public async Task TimeUnit_Microsecond_GivesSixteenDigits()
    {
        await using var client = await _simulation.ConnectAsync("/stream?streams=btcusdt@trade&timeUnit=MICROSECOND");
        await OpenAsync(1);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Matches("\"E\":[0-9]{16},.*\"T\":[0-9]{16},", await client.ReadTextAsync());
    }

    [Fact]
    public async Task Trades_OnTheWire_AreTheGroundTruth()
    {
        await using var client = await _simulation.ConnectAsync("/ws/btcusdt@trade");
        await OpenAsync(1);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(30));
        var truth = await _simulation.GetAsync("/truth/trades?symbol=btcusdt&limit=5000");
        var trades = truth.GetProperty("trades").EnumerateArray().ToList();

        Assert.True(trades.Count > 100);
        foreach (var expected in trades)
        {
            using var actual = JsonDocument.Parse(await client.ReadTextAsync());
            var trade = actual.RootElement;
            Assert.Equal(expected.GetProperty("id").GetInt64(), trade.GetProperty("t").GetInt64());
            Assert.Equal(expected.GetProperty("price").GetString(), Number.Parse(trade.GetProperty("p").GetString()!).ToString());
            Assert.Equal(expected.GetProperty("quantity").GetString(), Number.Parse(trade.GetProperty("q").GetString()!).ToString());
            Assert.Equal(expected.GetProperty("time").GetInt64() / 1000, trade.GetProperty("T").GetInt64());
            Assert.Equal(expected.GetProperty("side").GetString() == "sell", trade.GetProperty("m").GetBoolean());
        }
    }

    [Fact]
    public async Task Depth_AtBothSpeeds_CoversEveryUpdateIdOnce()
    {
        await using var fast = await _simulation.ConnectAsync("/ws/btcusdt@depth@100ms");
        await using var slow = await _simulation.ConnectAsync("/ws/btcusdt@depth");
        await OpenAsync(2);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(6));
        long expected = 0;
        for (var i = 0; i < 3; i++)
        {
            var (first, last) = await RangeAsync(slow);
            Assert.True(expected == 0 || first == expected);
            expected = last + 1;
            var (at, end) = await RangeAsync(fast);
            Assert.Equal(first, at);
            while (end != last)
            {
                (at, var next) = await RangeAsync(fast);
                Assert.Equal(end + 1, at);
                end = next;
            }
        }
    }

    [Fact]
    public async Task Symbol_InChinese_FlowsAsUtf8()
    {
        var options = Simulation.Options with { Symbols = [Simulation.Btc with { Instrument = "币安人生-USDT" }] };
        await using var simulation = await Simulation.StartAsync(options);
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync("币安人生usdt@trade");
        simulation.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("\"s\":\"币安人生USDT\"", await client.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsubscribe_Acked_IsFollowedByNoData()
    {
        await using var client = await _simulation.ConnectAsync("/ws/btcusdt@bookTicker");
        await OpenAsync(1);
        await client.AskAsync("""{"method":"UNSUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}""");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("""{"result":[],"id":2}""", await client.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":2}"""));
    }

    private static async Task<(long First, long Last)> RangeAsync(RawClient client)
    {
        using var frame = JsonDocument.Parse(await client.ReadTextAsync());
        return (frame.RootElement.GetProperty("U").GetInt64(), frame.RootElement.GetProperty("u").GetInt64());
    }

    private static string Pattern(string shape)
    {
        var pattern = Regex.Escape(shape.Replace(" ", "", StringComparison.Ordinal));
        pattern = pattern.Replace(":I", ":-?[0-9]+", StringComparison.Ordinal);
        pattern = pattern.Replace("\"D\"", "\"[0-9]+\\.[0-9]{8}\"", StringComparison.Ordinal);
        pattern = pattern.Replace(":B", ":(true|false)", StringComparison.Ordinal);
        const string level = "\\[\"[0-9]+\\.[0-9]{8}\",\"[0-9]+\\.[0-9]{8}\"\\]";
        return "^" + pattern.Replace("\\[L]", $"\\[({level}(,{level})*)?]", StringComparison.Ordinal) + "$";
    }

    // Streams in the address are subscribed after the handshake is answered: wait before time moves.
    private async Task OpenAsync(int connections)
    {
        var open = 0;
        while (open < connections)
        {
            var all = await _simulation.GetAsync("/connections");
            open = all.EnumerateArray().Count(each => each.GetProperty("streams").GetArrayLength() > 0);
        }
    }
}
