using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceFuturesRestTests : IAsyncLifetime
{
    private Simulation _simulation = null!;
    private HttpClient _rest = null!;

    public async Task InitializeAsync()
    {
        var coarse = Simulation.Btc with { Price = Number.Parse("91234.5"), PriceStep = Number.Parse("0.1"), QuantityStep = Number.Parse("0.001") };
        _simulation = await Simulation.StartAsync(Simulation.Options with
        {
            BinanceFuturesListen = new Uri("http://127.0.0.1:0"),
            Symbols = [coarse, coarse with { Instrument = "ETH-USDT" }],
            TradesPerSecond = 20,
        });
        _rest = Simulation.RestOf(_simulation.Host.BinanceFuturesUri!);
    }

    public async Task DisposeAsync()
    {
        _rest.Dispose();
        await _simulation.DisposeAsync();
    }

    [Fact]
    public async Task ExchangeInfo_OfAll_ListsPerpetualContracts()
    {
        var symbol = (await _rest.JsonAsync("/fapi/v1/exchangeInfo")).GetProperty("symbols")[0];
        var filters = symbol.GetProperty("filters").Items().ToDictionary(filter => filter.GetProperty("filterType").GetString()!);

        Assert.Equal(
            ("BTCUSDT", "PERPETUAL", "TRADING", "USDT"),
            (Text(symbol, "symbol"), Text(symbol, "contractType"), Text(symbol, "status"), Text(symbol, "marginAsset")));
        Assert.Equal((1, 3), (symbol.GetProperty("pricePrecision").GetInt32(), symbol.GetProperty("quantityPrecision").GetInt32()));
        Assert.Equal(("0.1", "0.001"), (Text(filters["PRICE_FILTER"], "tickSize"), Text(filters["LOT_SIZE"], "stepSize")));
    }

    [Theory]
    [InlineData("depth?symbol=BTCUSDT&limit=7", -4021)]
    [InlineData("depth?symbol=NOPE", -1121)]
    [InlineData("klines?symbol=BTCUSDT&interval=1s", -1120)]
    [InlineData("klines?symbol=BTCUSDT&interval=1m&limit=1501", -1130)]
    [InlineData("aggTrades?symbol=BTCUSDT&startTime=1", -4166)]
    [InlineData("trades", -1102)]
    public async Task Request_ThatIsWrong_IsRefusedWithTheVenuesCode(string path, int code) =>
        Assert.Equal((400, code), await _rest.ErrorAsync($"/fapi/v1/{path}"));

    [Theory]
    [InlineData("exchangeInfo", 1)]
    [InlineData("klines?symbol=BTCUSDT&interval=1m", 5)]
    [InlineData("klines?symbol=BTCUSDT&interval=1m&limit=1500", 10)]
    [InlineData("depth?symbol=BTCUSDT&limit=1000", 20)]
    [InlineData("aggTrades?symbol=NOPE", 20)]
    [InlineData("premiumIndex", 10)]
    public async Task Weight_OfARequest_IsCounted(string path, int weight)
    {
        using var answer = await _rest.GetAsync($"/fapi/v1/{path}");
        Assert.Equal(weight.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Headers.GetValues("X-MBX-USED-WEIGHT-1M").Single());
    }

    [Fact]
    public async Task Depth_BridgedByTheStream_StaysTheBook()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/public/ws");
        await client.SubscribeAsync("btcusdt@depth@100ms");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(2.05));
        var snapshot = await _rest.JsonAsync("/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(5));
        var id = snapshot.Long("lastUpdateId");
        var bids = Side(snapshot, "bids");
        var bridged = false;
        for (var applied = 0; applied < 30;)
        {
            var update = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
            if (update.Long("u") < id)
            {
                continue;
            }

            Assert.True(bridged ? update.Long("pu") == id : update.Long("U") <= id);
            bridged = true;
            update.GetProperty("b").Items().ForEach(level => bids[level[0].Decimal()] = level[1].Decimal());
            id = update.Long("u");
            applied++;
        }

        var truth = await _simulation.GetAsync($"/truth/book?venue=binance-futures&symbol=BTCUSDT&id={id}");
        Assert.Equal(Side(truth, "bids"), bids.Where(level => level.Value != 0));
    }

    [Fact]
    public async Task AggregateTrades_OfRestAndStream_AgreeAndLeaveGapsBetweenThem()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/market/ws");
        await client.SubscribeAsync("btcusdt@aggTrade");
        _simulation.Clock.Advance(TimeSpan.FromMinutes(2));
        var first = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
        var rows = (await _rest.JsonAsync($"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId={first.Long("a")}&limit=1000")).Items();

        Assert.Equal(1000, rows.Count);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.Long("a") + 1, pair.Second.Long("a")));
        Assert.Contains(rows.Zip(rows.Skip(1)), pair => pair.First.Long("l") + 1 < pair.Second.Long("f"));
        foreach (var row in rows.Skip(1))
        {
            var frame = JsonDocument.Parse(await client.ReadTextAsync()).RootElement;
            Assert.All(row.EnumerateObject(), field => Assert.Equal(field.Value.GetRawText(), frame.GetProperty(field.Name).GetRawText()));
        }
    }

    [Fact]
    public async Task Klines_OfMinutes_AreTheSumsOfMarketTrades()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(3.5));
        var trades = (await _simulation.GetAsync("/truth/trades?venue=binance-futures&symbol=BTCUSDT&limit=100000")).GetProperty("trades").Items()
            .Where(trade => Text(trade, "kind") == "Market").ToList();
        var rows = (await _rest.JsonAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=1m")).Items();
        var listed = (await _rest.JsonAsync("/fapi/v1/trades?symbol=BTCUSDT&limit=1000")).Items();

        Assert.Equal(4, rows.Count);
        Assert.Equal(trades.Sum(trade => trade.Decimal("quantity")), rows.Sum(row => row[5].Decimal()));
        Assert.Equal(trades.Count, rows.Sum(row => row[8].GetInt64()));
        Assert.Equal(trades.TakeLast(1000).Select(trade => trade.Long("id")), listed.Select(trade => trade.Long("id")));
        Assert.Equal(["id", "price", "qty", "quoteQty", "time", "isBuyerMaker", "isRPITrade"], listed[0].Names());
    }

    [Fact]
    public async Task PremiumIndexAndFunding_FollowTheClock()
    {
        var before = await _rest.JsonAsync("/fapi/v1/premiumIndex?symbol=BTCUSDT");
        Assert.Equal(
            ["symbol", "markPrice", "indexPrice", "estimatedSettlePrice", "lastFundingRate", "interestRate", "nextFundingTime", "time"],
            before.Names());
        Assert.Equal(2, (await _rest.JsonAsync("/fapi/v1/premiumIndex")).GetArrayLength());
        Assert.Equal(0, (await _rest.JsonAsync("/fapi/v1/fundingRate?symbol=BTCUSDT")).GetArrayLength());
        Assert.Equal(0, (await _rest.JsonAsync("/fapi/v1/fundingInfo")).GetArrayLength());
        for (var hour = 0; hour < 5; hour++)
        {
            _simulation.Clock.Advance(TimeSpan.FromHours(1));
        }

        var paid = (await _rest.JsonAsync("/fapi/v1/fundingRate?symbol=BTCUSDT")).Items();
        Assert.Equal([before.Long("nextFundingTime")], paid.Select(row => row.Long("fundingTime")));
        Assert.Equal(["symbol", "fundingTime", "fundingRate", "markPrice"], paid[0].Names());
        Assert.Equal(
            before.Long("nextFundingTime") + (8 * 3600 * 1000),
            (await _rest.JsonAsync("/fapi/v1/premiumIndex?symbol=BTCUSDT")).Long("nextFundingTime"));
    }

    [Fact]
    public async Task FundingRate_BeyondItsOwnBudget_IsRefused()
    {
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(200, await _rest.StatusAsync("/fapi/v1/fundingRate?symbol=BTCUSDT"));
        }

        Assert.Equal((429, -1003), await _rest.ErrorAsync("/fapi/v1/fundingInfo"));
        Assert.Equal(200, await _rest.StatusAsync("/fapi/v1/ping"));
    }

    [Fact]
    public async Task Tickers_OfOneAndAll_HaveTheVenuesFields()
    {
        _simulation.Clock.Advance(TimeSpan.FromSeconds(30));
        var day = await _rest.JsonAsync("/fapi/v1/ticker/24hr?symbol=BTCUSDT");
        Assert.Equal(
            [.. "symbol priceChange priceChangePercent weightedAvgPrice lastPrice lastQty openPrice highPrice lowPrice".Split(' '),
                .. "volume quoteVolume openTime closeTime firstId lastId count".Split(' ')],
            day.Names());
        Assert.Equal(2, (await _rest.JsonAsync("/fapi/v1/ticker/24hr")).GetArrayLength());
        Assert.Equal(
            ["symbol", "bidPrice", "bidQty", "askPrice", "askQty", "time", "lastUpdateId"],
            (await _rest.JsonAsync("/fapi/v1/ticker/bookTicker?symbol=BTCUSDT")).Names());
        var price = await _rest.JsonAsync("/fapi/v1/ticker/price?symbol=BTCUSDT");
        Assert.Equal(Text(day, "lastPrice"), Text(price, "price"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static SortedDictionary<decimal, decimal> Side(JsonElement book, string side) =>
        new(book.GetProperty(side).Items().ToDictionary(level => level[0].Decimal(), level => level[1].Decimal()));
}
