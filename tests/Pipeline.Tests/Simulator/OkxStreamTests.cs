using System.Text.Json;
using Pipeline.Simulator.World;
using static Pipeline.Tests.Simulator.OkxTesting;

namespace Pipeline.Tests.Simulator;

public sealed class OkxStreamTests : IAsyncLifetime
{
    private VenueSimulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData(
        "tickers",
        Spot,
        "instType instId last lastSz askPx askSz bidPx bidSz open24h high24h low24h sodUtc0 sodUtc8 volCcy24h vol24h ts")]
    [InlineData(
        "tickers",
        Swap,
        "instType instId last lastSz askPx askSz bidPx bidSz open24h high24h low24h sodUtc0 sodUtc8 volCcy24h vol24h ts")]
    [InlineData("trades", Spot, "instId tradeId px sz side ts count source seqId:")]
    [InlineData("bbo-tbt", Spot, "asks bids ts seqId:")]
    [InlineData("books5", Spot, "asks bids instId ts seqId:")]
    [InlineData("books", Spot, "asks bids ts checksum: prevSeqId: seqId:")]
    [InlineData("mark-price", Swap, "instType instId markPx ts")]
    [InlineData(
        "funding-rate",
        Swap,
        "instType instId method formulaType fundingRate fundingTime nextFundingRate nextFundingTime minFundingRate maxFundingRate "
        + "interestRate impactValue premium settState settFundingRate ts")]
    [InlineData("open-interest", Swap, "instId instType oi oiCcy oiUsd ts")]
    [InlineData("index-tickers", Spot, "instId idxPx high24h low24h open24h sodUtc0 sodUtc8 ts")]
    public async Task Channel_OnPublic_HasTheVenuesShape(string channel, string instrument, string members)
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync(Arg(channel, instrument));
        _simulation.Advance(3);
        var frames = await client.ReadAsync();

        var frame = frames.Of(channel).First();
        Assert.Equal(channel == "books" ? "arg action data" : "arg data", frame.Members());
        Assert.Equal(Arg(channel, instrument), frame.GetProperty("arg").GetRawText());
        Assert.All(frames.Rows(channel), row => Assert.Equal(members, row.Members()));
        Assert.All(
            frames.Rows(channel).Where(row => row.TryGetProperty("instId", out _)), row => Assert.Equal(instrument, row.Text("instId")));
    }

    [Fact]
    public async Task Liquidations_OfSwaps_HaveTheVenuesShape()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("liquidation-orders", "SWAP", "instType"));
        List<JsonElement> rows = [];
        for (var i = 0; i < 100 && rows.Count < 3; i++)
        {
            _simulation.Advance(5);
            rows.AddRange((await client.ReadAsync()).Rows("liquidation-orders"));
        }

        Assert.InRange(rows.Count, 3, 100);
        Assert.All(rows, row =>
        {
            Assert.Equal("details instFamily instId instType uly", row.Members());
            var detail = Assert.Single(row.GetProperty("details").EnumerateArray());
            Assert.Equal("bkLoss bkPx ccy posSide side sz ts", detail.Members());
            Assert.Equal(detail.Text("side") == "buy" ? "short" : "long", detail.Text("posSide"));
            Assert.Equal(row.Text("instFamily") + "-SWAP", row.Text("instId"));
        });
    }

    [Theory]
    [InlineData(Spot, 1)]
    [InlineData(Swap, 100)]
    public async Task Trades_Aggregated_CoverTheFillsOfAllTrades(string instrument, int contractsPerCoin)
    {
        await using var rows = await _simulation.ConnectAsync();
        await using var fills = await _simulation.ConnectAsync(business: true);
        await rows.SubscribeAsync(Arg("trades", instrument));
        await fills.SubscribeAsync(Arg("trades-all", instrument));
        _simulation.Advance(20);
        var aggregates = (await rows.ReadAsync()).Rows("trades").ToList();
        var frames = (await fills.ReadAsync()).Of("trades-all").ToList();
        var singles = frames.Select(frame => Assert.Single(frame.GetProperty("data").EnumerateArray())).ToList();

        Assert.True(singles.Count > 500);
        Assert.All(singles, single => Assert.Equal("instId tradeId px sz side source ts", single.Members()));
        var covered = aggregates.SelectMany(row =>
            Enumerable.Range(0, (int)row.Whole("count")).Select(i => row.Whole("tradeId") - row.Whole("count") + 1 + i));
        Assert.Equal(covered, singles.Select(single => single.Whole("tradeId")));
        Assert.Equal(
            Enumerable.Range(0, singles.Count).Select(i => singles[0].Whole("tradeId") + i), singles.Select(single => single.Whole("tradeId")));
        Assert.Equal(aggregates.Sum(row => row.Decimal("sz")), singles.Sum(single => single.Decimal("sz")));
        Assert.Contains(aggregates, row => row.Whole("count") > 1);
        Assert.Equal(aggregates.Select(row => row.Whole("seqId")).Order(), aggregates.Select(row => row.Whole("seqId")));
        var truth = _simulation.Engine(SimulatedVenue.Okx, instrument).Truth;
        Assert.All(singles, single =>
        {
            var made = truth[single.Whole("tradeId")];
            Assert.Equal((made.Price / 1e8m, made.Quantity * contractsPerCoin / 1e8m), (single.Decimal("px"), single.Decimal("sz")));
            Assert.Equal((made.TakerBuys ? "buy" : "sell", made.Time / 1000), (single.Text("side"), single.Whole("ts")));
        });
    }

    [Theory]
    [InlineData(Spot)]
    [InlineData(Swap)]
    public async Task Candle_Closed_IsTheSumOfItsTrades(string instrument)
    {
        await using var client = await _simulation.ConnectAsync(business: true);
        await client.SubscribeAsync(Arg("candle1m", instrument), Arg("trades-all", instrument));
        List<JsonElement> frames = [];
        for (var i = 0; i < 13; i++)
        {
            _simulation.Advance(10);
            frames.AddRange(await client.ReadAsync());
        }

        var bars = frames.Rows("candle1m").ToList();
        Assert.All(bars, bar => Assert.Equal(9, bar.GetArrayLength()));
        var bar = bars.Last(one => one[8].GetString() == "1");
        var open = long.Parse(bar[0].GetString()!, null);
        var trades = frames.Rows("trades-all").Where(trade => trade.Whole("ts") >= open && trade.Whole("ts") < open + 60_000).ToList();
        var prices = trades.ConvertAll(trade => trade.Decimal("px"));
        Assert.Equal(
            [prices[0], prices.Max(), prices.Min(), prices[^1], trades.Sum(trade => trade.Decimal("sz"))],
            bar.EnumerateArray().Skip(1).Take(5).Select(value => value.Decimal()));
        var coins = instrument == Spot ? 1m : 0.01m;
        var turnover = trades.Sum(trade => trade.Decimal("px") * trade.Decimal("sz") * coins);
        Assert.Equal(instrument == Spot ? Cut(turnover) : trades.Sum(trade => trade.Decimal("sz")) * coins, bar[6].Decimal());
        Assert.Equal(Cut(turnover), bar[7].Decimal());
        Assert.Equal("0", bars[0][8].GetString());
    }

    [Fact]
    public async Task Candles_OfADay_BeginAtTheMidnightTheirNameSays()
    {
        await using var client = await _simulation.ConnectAsync(business: true);
        await client.SubscribeAsync(Arg("candle1D"), Arg("candle1Dutc"), Arg("candle1H"));
        _simulation.Advance(3);
        var frames = await client.ReadAsync();

        static long Hour(IEnumerable<JsonElement> frames, string channel) =>
            long.Parse(frames.Rows(channel).First()[0].GetString()!, null) / 3_600_000 % 24;
        Assert.Equal((16, 0, 12), (Hour(frames, "candle1D"), Hour(frames, "candle1Dutc"), Hour(frames, "candle1H")));
    }

    [Fact]
    public async Task Swap_SizesAreContracts_OfAHundredthOnlyWhenTheCoinIsDear()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("open-interest", Swap), Arg("open-interest", "XYZ-USDT-SWAP"));
        _simulation.Advance(1);
        var rows = (await client.ReadAsync()).Rows("open-interest").ToDictionary(row => row.Text("instId"));

        Assert.Equal(100, rows[Swap].Decimal("oi") / rows[Swap].Decimal("oiCcy"));
        Assert.Equal(1, rows["XYZ-USDT-SWAP"].Decimal("oi") / rows["XYZ-USDT-SWAP"].Decimal("oiCcy"));
    }

    private static decimal Cut(decimal value) => decimal.Truncate(value * 1e8m) / 1e8m;
}
