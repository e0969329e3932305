using System.Text.Json;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults that an audit of candles must be able to name.</summary>
public sealed class CandleFaultTests : IAsyncLifetime
{
    private Simulation _simulation = null!;
    private HttpClient _rest = null!;

    public async Task InitializeAsync()
    {
        _simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 20, QuotesPerSecond = 5 });
        _rest = Simulation.RestOf(_simulation.Host.BinanceSpotUri);
    }

    public async Task DisposeAsync()
    {
        _rest.Dispose();
        await _simulation.DisposeAsync();
    }

    public static TheoryData<string> Fields => [.. KlineFields.Names];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task F70_OneValueIsWrong_OnTheStreamAndByRest_AndF71PutsItRight(string field)
    {
        await using var client = await _simulation.ConnectAsync("/ws/btcusdt@kline_1s");
        Advance(2);
        await FaultAsync($$$"""{"id":"F70","parameters":{"interval":"1s","field":"{{{field}}}"}}""");
        Advance(1);
        var wrong = Assert.Single(await FalseCandlesAsync());
        Assert.Equal((field, false), (wrong.GetProperty("field").GetString(), wrong.GetProperty("corrected").GetBoolean()));
        var open = wrong.GetProperty("openTime").GetInt64();
        var right = await TruthAsync(open);

        // The REST interface of the venue names no ids.
        var told = await ByRestAsync(open);
        Assert.Equal(field is "firstId" or "lastId" ? [] : [field], Differences(right, told));

        await FaultAsync("""{"id":"F71"}""");
        Advance(1);
        Assert.True(Assert.Single(await FalseCandlesAsync()).GetProperty("corrected").GetBoolean());
        Assert.Empty(Differences(right, await ByRestAsync(open)));

        // Closed twice: first as REST had it, then as it is.
        var closed = new List<JsonElement>();
        while (closed.Count < 2)
        {
            var frame = JsonDocument.Parse(await client.ReadTextAsync()).RootElement.GetProperty("k");
            if (frame.GetProperty("t").GetInt64() == open / 1000 && frame.GetProperty("x").GetBoolean())
            {
                closed.Add(frame);
            }
        }

        Assert.Equal([field], Differences(right, OfFrame(closed[0])));
        Assert.Empty(Differences(right, OfFrame(closed[1])));
    }

    [Fact]
    public async Task F70_OtherCandles_AreRightAndSumUpWhatIsRight()
    {
        await FaultAsync("""{"id":"F70","parameters":{"interval":"1s","field":"volume"},"count":3}""");
        Advance(61);
        var wrong = await FalseCandlesAsync();
        Assert.Equal(3, wrong.Count);
        var minute = wrong[0].GetProperty("openTime").GetInt64() / 60_000_000 * 60_000_000;
        Assert.Empty(Differences(await TruthAsync(minute, "1m"), await ByRestAsync(minute, "1m")));
    }

    [Fact]
    public async Task F72_WithheldTrades_AreCountedAndNeverShown()
    {
        await using var client = await _simulation.ConnectAsync("/ws/btcusdt@trade/btcusdt@aggTrade");
        Advance(1);
        await FaultAsync("""{"id":"F72","count":3}""");
        Advance(2);
        var summary = (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols")[0];
        var withheld = summary.GetProperty("withheld").EnumerateArray().ToList();
        var ids = withheld.Select(trade => trade.GetProperty("id").GetInt64()).ToList();
        Assert.Equal(3, ids.Distinct().Count());

        var first = summary.GetProperty("firstId").GetInt64();
        var made = summary.GetProperty("lastId").GetInt64() - first + 1;
        Assert.Equal(made - 3, summary.GetProperty("count").GetInt64());
        var truth = (await _simulation.GetAsync("/truth/trades?symbol=BTCUSDT&limit=100000")).GetProperty("trades");
        Assert.Equal(made - 3, truth.GetArrayLength());
        Assert.Empty(ids.Intersect(truth.EnumerateArray().Select(trade => trade.GetProperty("id").GetInt64())));
        var trades = await GetAsync($"/api/v3/historicalTrades?symbol=BTCUSDT&fromId={ids[0]}&limit=1000");
        Assert.Empty(ids.Intersect(trades.EnumerateArray().Select(trade => trade.GetProperty("id").GetInt64())));
        var hidden = withheld.Select(trade => trade.GetProperty("aggregateId").GetInt64()).ToList();
        var aggregates = await GetAsync($"/api/v3/aggTrades?symbol=BTCUSDT&fromId={hidden[0]}&limit=1000");
        Assert.Empty(hidden.Intersect(aggregates.EnumerateArray().Select(trade => trade.GetProperty("a").GetInt64())));
        Assert.NotEqual(0, aggregates.GetArrayLength());

        // Candles have them: as many trades more, over the whole time.
        var candles = (await _simulation.GetAsync("/truth/candles?symbol=BTCUSDT&interval=1s")).GetProperty("candles");
        Assert.Equal(made, candles.EnumerateArray().Sum(candle => candle.GetProperty("trades").GetInt64()));
        var shown = new HashSet<long>();
        while (shown.Count < made - 3)
        {
            var frame = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
            if (frame.GetProperty("e").GetString() == "trade")
            {
                Assert.True(shown.Add(frame.GetProperty("t").GetInt64()));
            }
        }

        Assert.Empty(ids.Intersect(shown));
    }

    private static IEnumerable<string> Differences(Dictionary<string, string> one, Dictionary<string, string> other) =>
        KlineFields.Names.Where(field => one[field] != other[field]);

    private static Dictionary<string, string> OfFrame(JsonElement kline) => new()
    {
        ["open"] = Decimal(kline.GetProperty("o").GetString()!),
        ["high"] = Decimal(kline.GetProperty("h").GetString()!),
        ["low"] = Decimal(kline.GetProperty("l").GetString()!),
        ["close"] = Decimal(kline.GetProperty("c").GetString()!),
        ["volume"] = Decimal(kline.GetProperty("v").GetString()!),
        ["quoteVolume"] = Decimal(kline.GetProperty("q").GetString()!),
        ["takerBuyVolume"] = Decimal(kline.GetProperty("V").GetString()!),
        ["trades"] = kline.GetProperty("n").ToString(),
        ["firstId"] = kline.GetProperty("f").ToString(),
        ["lastId"] = kline.GetProperty("L").ToString(),
    };

    private static string Decimal(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;

    private async Task<Dictionary<string, string>> TruthAsync(long open, string interval = "1s")
    {
        var answer = await _simulation.GetAsync($"/truth/candles?symbol=BTCUSDT&interval={interval}&from={open}&to={open}");
        return KlineFields.Names.ToDictionary(field => field, field => Decimal(answer.GetProperty("candles")[0].GetProperty(field).ToString()));
    }

    /// <summary>Ids are not part of the answer: they count as right.</summary>
    private async Task<Dictionary<string, string>> ByRestAsync(long open, string interval = "1s")
    {
        var row = (await GetAsync($"/api/v3/klines?symbol=BTCUSDT&interval={interval}&startTime={open / 1000}&limit=1"))[0];
        Assert.Equal(open / 1000, row[0].GetInt64());
        var told = await TruthAsync(open, interval);
        foreach (var (field, at) in new[] { ("open", 1), ("high", 2), ("low", 3), ("close", 4), ("volume", 5), ("quoteVolume", 7), ("takerBuyVolume", 9) })
        {
            told[field] = Decimal(row[at].GetString()!);
        }

        told["trades"] = row[8].ToString();
        return told;
    }

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _rest.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    private async Task<List<JsonElement>> FalseCandlesAsync() =>
        [.. (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols")[0].GetProperty("falseCandles").EnumerateArray()];

    private Task<int> FaultAsync(string json) => _simulation.FaultAsync(json);

    private void Advance(double seconds) => _simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));
}
