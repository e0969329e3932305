using System.Text.Json;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceSpotRestTests : IAsyncLifetime
{
    private Simulation _simulation = null!;
    private HttpClient _rest = null!;

    public async Task InitializeAsync()
    {
        var ether = Simulation.Btc with { Instrument = "ETH-USDT" };
        _simulation = await Simulation.StartAsync(Simulation.Options with { Symbols = [Simulation.Btc, ether] });
        _rest = Simulation.RestOf(_simulation.Host.BinanceSpotUri);
    }

    public async Task DisposeAsync()
    {
        _rest.Dispose();
        await _simulation.DisposeAsync();
    }

    [Fact]
    public async Task ExchangeInfo_OfAll_HasWhatClientsBuildMarketsFrom()
    {
        var info = await _rest.JsonAsync("/api/v3/exchangeInfo");
        var symbol = info.GetProperty("symbols")[0];
        var filters = symbol.GetProperty("filters").Items().ToDictionary(filter => filter.GetProperty("filterType").GetString()!);

        Assert.Equal(["BTCUSDT", "ETHUSDT"], info.GetProperty("symbols").Items().Select(one => one.GetProperty("symbol").GetString()));
        Assert.Equal(("TRADING", "BTC", "USDT"), (Text(symbol, "status"), Text(symbol, "baseAsset"), Text(symbol, "quoteAsset")));
        Assert.Equal("0.01000000", filters["PRICE_FILTER"].GetProperty("tickSize").GetString());
        Assert.Equal("0.00001000", filters["LOT_SIZE"].GetProperty("stepSize").GetString());
        Assert.Contains("MARKET_LOT_SIZE", filters.Keys);
        Assert.Equal("5.00000000", filters["NOTIONAL"].GetProperty("minNotional").GetString());
        Assert.Equal("SPOT", symbol.GetProperty("permissionSets")[0][0].GetString());
        Assert.True(symbol.GetProperty("isSpotTradingAllowed").GetBoolean());
        Assert.Equal(6000, info.GetProperty("rateLimits")[0].GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData("symbol=ETHUSDT", 1)]
    [InlineData("symbols=[\"ETHUSDT\",\"BTCUSDT\"]", 2)]
    [InlineData("permissions=MARGIN", 0)]
    [InlineData("symbolStatus=HALT", 0)]
    public async Task ExchangeInfo_Filtered_HasOnlyThose(string query, int count) =>
        Assert.Equal(count, (await _rest.JsonAsync($"/api/v3/exchangeInfo?{query}")).GetProperty("symbols").GetArrayLength());

    [Theory]
    [InlineData("depth", -1102)]
    [InlineData("depth?symbol=", -1102)]
    [InlineData("depth?symbol=XYZUSDT", -1121)]
    [InlineData("depth?symbol=btcusdt", -1100)]
    [InlineData("depth?symbol=BTCUSDT&limit=ten", -1100)]
    [InlineData("trades?symbol=BTCUSDT&limit=0", -1130)]
    [InlineData("klines?symbol=BTCUSDT", -1102)]
    [InlineData("klines?symbol=BTCUSDT&interval=7m", -1120)]
    [InlineData("aggTrades?symbol=BTCUSDT&fromId=1&startTime=1", -1128)]
    [InlineData("ticker/24hr?symbol=BTCUSDT&symbols=[\"ETHUSDT\"]", -1128)]
    [InlineData("ticker/price?symbols=BTCUSDT", -1100)]
    public async Task Request_ThatIsWrong_IsRefusedWithTheVenuesCode(string path, int code) =>
        Assert.Equal((400, code), await _rest.ErrorAsync($"/api/v3/{path}"));

    [Fact]
    public async Task Time_InEitherUnit_IsTheClock()
    {
        var now = _simulation.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(now, (await _rest.JsonAsync("/api/v3/time")).Long("serverTime"));
        _rest.DefaultRequestHeaders.Add("X-MBX-TIME-UNIT", "MICROSECOND");
        Assert.Equal(now * 1000, (await _rest.JsonAsync("/api/v3/time")).Long("serverTime"));
        Assert.Empty((await _rest.JsonAsync("/api/v3/ping")).EnumerateObject());
    }

    [Fact]
    public async Task Depth_OfNow_IsTheBookAtItsId()
    {
        _simulation.Clock.Advance(TimeSpan.FromSeconds(3));
        var book = await _rest.JsonAsync("/api/v3/depth?symbol=BTCUSDT&limit=5000");
        var truth = await _simulation.GetAsync($"/truth/book?symbol=BTCUSDT&id={book.Long("lastUpdateId")}");

        Assert.Equal(400, book.GetProperty("bids").GetArrayLength());
        Assert.Equal(Levels(truth.GetProperty("bids")), Levels(book.GetProperty("bids")));
        Assert.Equal(Levels(truth.GetProperty("asks")), Levels(book.GetProperty("asks")));
        Assert.Equal(100, (await _rest.JsonAsync("/api/v3/depth?symbol=BTCUSDT")).GetProperty("asks").GetArrayLength());
        Assert.Equal(5, (await _rest.JsonAsync("/api/v3/depth?symbol=BTCUSDT&limit=5")).GetProperty("asks").GetArrayLength());
    }

    [Fact]
    public async Task Depth_WithTheStreamApplied_StaysTheBook()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@depth@100ms");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(2.05));
        var snapshot = await _rest.JsonAsync("/api/v3/depth?symbol=BTCUSDT&limit=5000");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(5));
        var book = new Dictionary<string, SortedDictionary<decimal, decimal>> { ["b"] = Side(snapshot, "bids"), ["a"] = Side(snapshot, "asks") };
        var id = snapshot.Long("lastUpdateId");
        for (var applied = 0; applied < 40;)
        {
            using var frame = JsonDocument.Parse(await client.ReadTextAsync());
            var update = frame.RootElement;
            if (update.Long("u") <= id)
            {
                continue;
            }

            Assert.InRange(update.Long("U"), 0, id + 1);
            Apply(book["b"], update.GetProperty("b"));
            Apply(book["a"], update.GetProperty("a"));
            id = update.Long("u");
            applied++;
        }

        var truth = await _simulation.GetAsync($"/truth/book?symbol=BTCUSDT&id={id}");
        Assert.Equal(Side(truth, "bids"), book["b"]);
        Assert.Equal(Side(truth, "asks"), book["a"]);
    }

    [Fact]
    public async Task Trades_NewestAndFromAnId_AreTheGroundTruth()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(2));
        var truth = (await _simulation.GetAsync("/truth/trades?symbol=BTCUSDT&limit=100000")).GetProperty("trades").Items();
        var newest = (await _rest.JsonAsync("/api/v3/trades?symbol=BTCUSDT&limit=10")).Items();
        var from = truth[20].Long("id");
        var old = (await _rest.JsonAsync($"/api/v3/historicalTrades?symbol=BTCUSDT&fromId={from}&limit=3")).Items();

        Assert.Equal(["id", "price", "qty", "quoteQty", "time", "isBuyerMaker", "isBestMatch"], newest[0].Names());
        Assert.Equal(truth.TakeLast(10).Select(trade => trade.Long("id")), newest.Select(trade => trade.Long("id")));
        Assert.Equal([from, from + 1, from + 2], old.Select(trade => trade.Long("id")));
        Assert.Equal(truth[20].Decimal("price") * truth[20].Decimal("quantity"), old[0].Decimal("quoteQty"), 8);
        Assert.Equal(truth[20].Long("time") / 1000, old[0].Long("time"));
    }

    [Fact]
    public async Task AggregateTrades_InPages_AreTheStreamAndCoverEveryTradeId()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@aggTrade");
        _simulation.Clock.Advance(TimeSpan.FromMinutes(1));
        using var first = JsonDocument.Parse(await client.ReadTextAsync());
        var next = first.RootElement.Long("a");
        var rows = new List<JsonElement>();
        while ((await _rest.JsonAsync($"/api/v3/aggTrades?symbol=BTCUSDT&limit=70&fromId={next}")).Items() is { Count: > 0 } page)
        {
            rows.AddRange(page);
            next = page[^1].Long("a") + 1;
        }

        Assert.True(rows.Count > 200);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.Long("l") + 1, pair.Second.Long("f")));
        Assert.Equal(["a", "p", "q", "f", "l", "T", "m", "M"], rows[0].Names());
        for (var i = 1; i < rows.Count; i++)
        {
            using var frame = JsonDocument.Parse(await client.ReadTextAsync());
            Assert.All(rows[i].EnumerateObject(), field => Assert.Equal(
                field.Value.GetRawText(), frame.RootElement.GetProperty(field.Name).GetRawText()));
        }
    }

    [Fact]
    public async Task AggregateTrades_ByTime_AreOldestFromAStartAndNewestToAnEnd()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(2));
        var all = (await _rest.JsonAsync("/api/v3/aggTrades?symbol=BTCUSDT&limit=1000")).Items();
        var (start, end) = (all[100].Long("T"), all[200].Long("T"));
        var within = all.Where(row => row.Long("T") >= start && row.Long("T") <= end).Select(row => row.Long("a")).ToList();

        Assert.Equal(within, Ids(await _rest.JsonAsync($"/api/v3/aggTrades?symbol=BTCUSDT&limit=1000&startTime={start}&endTime={end}")));
        Assert.Equal(within.Take(5), Ids(await _rest.JsonAsync($"/api/v3/aggTrades?symbol=BTCUSDT&limit=5&startTime={start}")));
        Assert.Equal(within.TakeLast(5), Ids(await _rest.JsonAsync($"/api/v3/aggTrades?symbol=BTCUSDT&limit=5&endTime={end}")));
    }

    [Fact]
    public async Task Klines_OfAnyInterval_AgreeWithTheTrades()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(7.5));
        var trades = (await _simulation.GetAsync("/truth/trades?symbol=BTCUSDT&limit=100000")).GetProperty("trades").Items();
        foreach (var interval in new[] { "1m", "5m", "1h", "1M" })
        {
            var rows = (await _rest.JsonAsync($"/api/v3/klines?symbol=BTCUSDT&interval={interval}")).Items();
            Assert.Equal(trades.Count, rows.Sum(row => row[8].GetInt64()));
            Assert.All(rows, row =>
            {
                var own = trades.Where(trade => trade.Long("time") / 1000 >= row[0].GetInt64() && trade.Long("time") / 1000 <= row[6].GetInt64()).ToList();
                Assert.Equal(12, row.GetArrayLength());
                Assert.Equal((own[0].Decimal("price"), own[^1].Decimal("price")), (row[1].Decimal(), row[4].Decimal()));
                Assert.Equal(own.Max(trade => trade.Decimal("price")), row[2].Decimal());
                Assert.Equal(own.Sum(trade => trade.Decimal("quantity")), row[5].Decimal());
            });
        }

        var minutes = (await _rest.JsonAsync("/api/v3/klines?symbol=BTCUSDT&interval=1m")).Items().Select(row => row[0].GetInt64()).ToList();
        Assert.Equal(minutes.TakeLast(2), OpenTimes(await _rest.JsonAsync("/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=2")));
        Assert.Equal(minutes.Skip(3).Take(2), OpenTimes(await _rest.JsonAsync($"/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=2&startTime={minutes[3]}")));
        Assert.Equal(minutes.Skip(2).Take(2), OpenTimes(await _rest.JsonAsync($"/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=2&endTime={minutes[3]}")));
    }

    [Fact]
    public async Task Tickers_OfOneAndAll_AgreeWithBookAndStream()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@ticker");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(30));
        JsonElement pushed = default;
        for (var i = 0; i < 30; i++)
        {
            pushed = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
        }

        var day = await _rest.JsonAsync("/api/v3/ticker/24hr?symbol=BTCUSDT");
        var best = await _rest.JsonAsync("/api/v3/ticker/bookTicker?symbol=BTCUSDT");

        Assert.Equal(
            [.. "priceChange priceChangePercent weightedAvgPrice prevClosePrice lastPrice lastQty bidPrice bidQty askPrice askQty".Split(' '),
                .. "openPrice highPrice lowPrice volume quoteVolume openTime closeTime firstId lastId count".Split(' ')],
            day.Names().Skip(1));
        Assert.Equal([.. "e E s p P w x c Q b B a A o h l v q O C F L n".Split(' ')], pushed.Names());
        Assert.Equal((pushed.Long("L"), pushed.Long("n")), (day.Long("lastId"), day.Long("count")));
        Assert.Equal((Text(pushed, "v"), Text(pushed, "q"), Text(pushed, "P")), (Text(day, "volume"), Text(day, "quoteVolume"), Text(day, "priceChangePercent")));
        Assert.Equal((Text(best, "bidPrice"), Text(best, "askQty")), (Text(day, "bidPrice"), Text(day, "askQty")));
        Assert.Equal(2, (await _rest.JsonAsync("/api/v3/ticker/24hr")).GetArrayLength());
        Assert.Equal(1, (await _rest.JsonAsync("/api/v3/ticker/price?symbols=[\"ETHUSDT\"]")).GetArrayLength());
        Assert.Equal(Text(day, "lastPrice"), Text(await _rest.JsonAsync("/api/v3/ticker/price?symbol=BTCUSDT"), "price"));
        Assert.Equal(["symbol", "openPrice", "highPrice", "lowPrice", "lastPrice", "volume", "quoteVolume", "openTime", "closeTime", "firstId", "lastId", "count"],
            (await _rest.JsonAsync("/api/v3/ticker/24hr?symbol=BTCUSDT&type=MINI")).Names());
        Assert.Equal(["mins", "price", "closeTime"], (await _rest.JsonAsync("/api/v3/avgPrice?symbol=BTCUSDT")).Names());
    }

    [Theory]
    [InlineData("exchangeInfo", 20)]
    [InlineData("depth?symbol=BTCUSDT&limit=101", 25)]
    [InlineData("depth?symbol=BTCUSDT&limit=5000", 250)]
    [InlineData("klines?symbol=NOPE&interval=1m", 2)]
    [InlineData("ticker/24hr", 80)]
    public async Task Weight_OfARequest_IsCounted(string path, int weight)
    {
        using var answer = await _rest.GetAsync($"/api/v3/{path}");
        Assert.Equal(weight.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Headers.GetValues("X-MBX-USED-WEIGHT-1M").Single());
    }

    [Fact]
    public async Task Weight_BeyondTheLimit_IsRefusedUntilTheMinuteEndsThenBanned()
    {
        _simulation.Clock.Advance(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 24; i++)
        {
            await _rest.JsonAsync("/api/v3/depth?symbol=BTCUSDT&limit=5000");
        }

        using (var refused = await _rest.GetAsync("/api/v3/ping"))
        {
            Assert.Equal((429, 40), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
            Assert.Contains("-1003", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        _simulation.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Empty((await _rest.JsonAsync("/api/v3/ping")).EnumerateObject());
        while ((await _rest.StatusAsync("/api/v3/depth?symbol=BTCUSDT&limit=5000")) != 418)
        {
        }

        _simulation.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal((418, -1003), await _rest.ErrorAsync("/api/v3/ping"));
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await _rest.JsonAsync("/api/v3/ping")).EnumerateObject());
    }

    [Fact]
    public async Task MiniTickers_OfAll_AreOneArrayOfWhatTraded()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("!miniTicker@arr", "btcusdt@miniTicker", "btcusdt@avgPrice");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1.5));
        var frames = new List<string> { await client.ReadTextAsync(), await client.ReadTextAsync(), await client.ReadTextAsync() };

        var array = JsonDocument.Parse(frames.Single(frame => frame[0] == '[')).RootElement.Items();
        Assert.Equal(["BTCUSDT", "ETHUSDT"], array.Select(one => Text(one, "s")).Order());
        Assert.Equal(["e", "E", "s", "c", "o", "h", "l", "v", "q"], array[0].Names());
        Assert.Contains(frames, frame => frame == array.Single(one => Text(one, "s") == "BTCUSDT").GetRawText());
        Assert.Contains(frames, frame => frame.StartsWith("{\"e\":\"avgPrice\"", StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<long> Ids(JsonElement rows) => rows.Items().Select(row => row.Long("a"));

    private static IEnumerable<long> OpenTimes(JsonElement rows) => rows.Items().Select(row => row[0].GetInt64());

    private static List<(decimal Price, decimal Quantity)> Levels(JsonElement side) =>
        [.. side.Items().Select(level => (level[0].Decimal(), level[1].Decimal()))];

    private static SortedDictionary<decimal, decimal> Side(JsonElement book, string side) =>
        new(Levels(book.GetProperty(side)).ToDictionary(level => level.Price, level => level.Quantity));

    private static void Apply(SortedDictionary<decimal, decimal> side, JsonElement changes)
    {
        foreach (var (price, quantity) in Levels(changes))
        {
            if (quantity == 0)
            {
                side.Remove(price);
            }
            else
            {
                side[price] = quantity;
            }
        }
    }
}
