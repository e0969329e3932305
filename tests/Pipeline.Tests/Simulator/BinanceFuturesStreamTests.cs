using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceFuturesStreamTests : IAsyncLifetime
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private Simulation _simulation = null!;

    public async Task InitializeAsync()
    {
        var coarse = Simulation.Btc with { Price = Number.Parse("91234.5"), PriceStep = Number.Parse("0.1"), QuantityStep = Number.Parse("0.001") };
        _simulation = await Simulation.StartAsync(Simulation.Options with
        {
            BinanceFuturesListen = new Uri("http://127.0.0.1:0"),
            Symbols = [coarse],
            TradesPerSecond = 50,
        });
    }

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("market", "aggTrade", """{"e":"aggTrade","E":I,"s":"BTCUSDT","a":I,"p":"P","q":"Q","nq":"Q","f":I,"l":I,"T":I,"m":B,"st":1}""")]
    [InlineData("public", "trade", """{"e":"trade","E":I,"T":I,"s":"BTCUSDT","t":I,"p":"P","q":"Q","X":"MARKET","m":B}""")]
    [InlineData("public", "bookTicker", """{"e":"bookTicker","u":I,"E":I,"T":I,"s":"BTCUSDT","b":"P","B":"Q","a":"P","A":"Q"}""")]
    [InlineData("public", "depth", """{"e":"depthUpdate","E":I,"T":I,"s":"BTCUSDT","U":I,"u":I,"pu":I,"b":[L],"a":[L]}""")]
    [InlineData("public", "depth5@500ms", """{"e":"depthUpdate","E":I,"T":I,"s":"BTCUSDT","U":I,"u":I,"pu":I,"b":[L],"a":[L]}""")]
    [InlineData(
        "market",
        "kline_1m",
        """{"e":"kline","E":I,"s":"BTCUSDT","k":{"t":I,"T":I,"s":"BTCUSDT","i":"1m","f":I,"L":I,"o":"P","c":"P","h":"P","""
        + """ "l":"P","v":"Q","n":I,"x":B,"q":"D","V":"Q","Q":"D","B":"0"}}""")]
    [InlineData(
        "market", "markPrice", """{"e":"markPriceUpdate","E":I,"s":"BTCUSDT","p":"E8","ap":"E8","P":"E8","i":"E8","r":"F8","T":I,"st":1}""")]
    [InlineData(
        "market",
        "forceOrder",
        """{"e":"forceOrder","E":I,"o":{"s":"BTCUSDT","S":"SIDE","o":"LIMIT","f":"IOC","q":"Q","p":"P","ap":"P","X":"FILLED","l":"Q","z":"Q","T":I}}""")]
    [InlineData(
        "market",
        "ticker",
        """{"e":"24hrTicker","E":I,"s":"BTCUSDT","p":"N","P":"N","w":"P","c":"P","Q":"Q","o":"P","h":"P","l":"P","""
        + """ "v":"Q","q":"D","O":I,"C":I,"F":I,"L":I,"n":I}""")]
    public async Task Payload_HasTheVenuesFieldsInTheVenuesOrder(string route, string stream, string shape)
    {
        await using var raw = await _simulation.ConnectFuturesAsync($"/{route}/ws/btcusdt@{stream}");
        await using var combined = await _simulation.ConnectFuturesAsync($"/{route}/stream?streams=btcusdt@{stream}");
        await _simulation.OpenAsync(2);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(30));

        var payload = await raw.ReadTextAsync();
        Assert.Matches(Pattern(shape), payload);
        Assert.Equal($"{{\"stream\":\"btcusdt@{stream}\",\"data\":{payload}}}", await combined.ReadTextAsync());
    }

    [Theory]
    [InlineData("/public/ws", "btcusdt@bookTicker", true)]
    [InlineData("/public/ws", "btcusdt@aggTrade", false)]
    [InlineData("/public/ws", "!markPrice@arr@1s", false)]
    [InlineData("/market/ws", "btcusdt@aggTrade", true)]
    [InlineData("/market/ws", "!markPrice@arr@1s", true)]
    [InlineData("/market/ws", "btcusdt@trade", false)]
    [InlineData("/market/ws", "btcusdt@depth@100ms", false)]
    [InlineData("/ws", "btcusdt@depth5@100ms", true)]
    [InlineData("/ws", "btcusdt@trade", true)]
    [InlineData("/ws", "btcusdt@kline_1m", false)]
    [InlineData("/stream", "btcusdt@markPrice@1s", false)]
    [InlineData("/private/ws", "btcusdt@bookTicker", false)]
    [InlineData("/public/ws", "btcusdt@depth5@250ms", false)]
    [InlineData("/market/ws", "btcusdt@kline_1s", false)]
    public async Task Route_OfAStream_DecidesAboutDataNotAboutTheAck(string path, string stream, bool flows)
    {
        await using var client = await _simulation.ConnectFuturesAsync(path);
        await client.SubscribeAsync(stream);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(5));
        var next = await client.AskAsync(List);

        Assert.Equal(flows, !next.StartsWith("{\"result\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Depth_AtEverySpeed_IsAChainOfItsOwn()
    {
        foreach (var (speed, frames) in new[] { ("@100ms", 90), ("", 36), ("@500ms", 18) })
        {
            await using var client = await _simulation.ConnectFuturesAsync("/public/ws");
            await client.SubscribeAsync($"btcusdt@depth{speed}");
            _simulation.Clock.Advance(TimeSpan.FromSeconds(10));
            long previous = 0;
            var jumps = 0;
            for (var i = 0; i < frames; i++)
            {
                var update = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
                Assert.True(previous == 0 || update.Long("pu") == previous);
                Assert.InRange(update.Long("U"), update.Long("pu") + 1, update.Long("u"));
                jumps += update.Long("U") > update.Long("pu") + 1 ? 1 : 0;
                previous = update.Long("u");
            }

            Assert.True(jumps > 0);
        }
    }

    [Fact]
    public async Task Trades_Raw_CarryTheFundsFillsThatAggregatesLeaveOut()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/public/ws/btcusdt@trade");
        await _simulation.OpenAsync(1);
        _simulation.Clock.Advance(TimeSpan.FromMinutes(2));
        var truth = (await _simulation.GetAsync("/truth/trades?venue=binance-futures&symbol=BTCUSDT&limit=100000")).GetProperty("trades").Items();
        var names = new Dictionary<string, string>
        {
            ["Market"] = "MARKET",
            ["InsuranceFund"] = "INSURANCE_FUND",
            ["Deleveraging"] = "ADL",
            ["Unnamed"] = "NA",
        };

        Assert.Contains(truth, trade => trade.GetProperty("kind").GetString() != "Market");
        foreach (var expected in truth)
        {
            var trade = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
            Assert.Equal((expected.Long("id"), expected.Decimal("price")), (trade.Long("t"), trade.Decimal("p")));
            Assert.Equal(names[expected.GetProperty("kind").GetString()!], trade.GetProperty("X").GetString());
        }
    }

    [Fact]
    public async Task ForceOrders_OfASymbol_AreAtMostOneASecond()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/market/ws/!forceOrder@arr");
        await _simulation.OpenAsync(1);
        _simulation.Clock.Advance(TimeSpan.FromMinutes(3));
        var times = new List<long>();
        for (var text = await client.AskAsync(List); !text.StartsWith("{\"result\"", StringComparison.Ordinal); text = await client.ReadTextAsync())
        {
            times.Add(JsonDocument.Parse(text).RootElement.Long("E"));
        }

        Assert.True(times.Count > 30);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 900));
    }

    [Fact]
    public async Task MarkPrices_OfAll_ComeEveryThreeSecondsOrEverySecond()
    {
        await using var slow = await _simulation.ConnectFuturesAsync("/market/ws/!markPrice@arr");
        await using var fast = await _simulation.ConnectFuturesAsync("/market/ws/!markPrice@arr@1s");
        await _simulation.OpenAsync(2);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(9.5));

        Assert.Equal(3, await CountAsync(slow));
        Assert.Equal(9, await CountAsync(fast));
    }

    private static async Task<int> CountAsync(RawClient client)
    {
        var count = 0;
        for (var text = await client.AskAsync(List); text[0] == '['; text = await client.ReadTextAsync())
        {
            count++;
        }

        return count;
    }

    private static string Pattern(string shape) => "^" + System.Text.RegularExpressions.Regex.Escape(shape.Replace(" ", "", StringComparison.Ordinal))
        .Replace(":I", ":[0-9]+", StringComparison.Ordinal)
        .Replace(":B", ":(true|false)", StringComparison.Ordinal)
        .Replace("\"E8\"", "\"[0-9]+\\.[0-9]{8}\"", StringComparison.Ordinal)
        .Replace("\"F8\"", "\"-?[0-9]+\\.[0-9]{8}\"", StringComparison.Ordinal)
        .Replace(":\"P\"", ":\"[0-9]+\\.[0-9]\"", StringComparison.Ordinal)
        .Replace(":\"Q\"", ":\"[0-9]+\\.[0-9]{3}\"", StringComparison.Ordinal)
        .Replace(":\"N\"", ":\"-?[0-9]+\\.[0-9]+\"", StringComparison.Ordinal)
        .Replace(":\"D\"", ":\"[0-9]+\\.[0-9]{4}\"", StringComparison.Ordinal)
        .Replace("\"SIDE\"", "\"(BUY|SELL)\"", StringComparison.Ordinal)
        .Replace("\\[L]", "\\[(\\[\"[0-9]+\\.[0-9]\",\"[0-9]+\\.[0-9]{3}\"\\],?)+\\]", StringComparison.Ordinal) + "$";
}
