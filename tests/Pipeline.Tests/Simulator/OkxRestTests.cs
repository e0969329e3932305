using System.Net;
using System.Text.Json;
using Pipeline.Simulator.World;
using static Pipeline.Tests.Simulator.OkxTesting;

namespace Pipeline.Tests.Simulator;

public sealed class OkxRestTests : IAsyncLifetime
{
    private VenueSimulation _simulation = null!;

    public async Task InitializeAsync()
    {
        _simulation = await StartAsync();
        _simulation.Advance(200);
    }

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("public/time", "ts")]
    [InlineData("public/mark-price?instType=SWAP&instId=BTC-USDT-SWAP", "instType instId markPx ts")]
    [InlineData("public/open-interest?instType=SWAP", "instId instType oi oiCcy oiUsd ts")]
    [InlineData(
        "public/funding-rate?instId=BTC-USDT-SWAP",
        "instType instId method formulaType fundingRate fundingTime nextFundingRate nextFundingTime minFundingRate maxFundingRate "
        + "interestRate impactValue premium settState settFundingRate ts")]
    [InlineData("market/trades?instId=BTC-USDT", "instId tradeId px sz side ts count source seqId:")]
    [InlineData("market/history-trades?instId=BTC-USDT", "instId tradeId px sz side source ts")]
    [InlineData("market/books?instId=BTC-USDT&sz=5", "asks bids seqId: ts")]
    [InlineData("market/books-full?instId=BTC-USDT&sz=5", "asks bids ts")]
    [InlineData(
        "market/ticker?instId=BTC-USDT",
        "instType instId last lastSz askPx askSz bidPx bidSz open24h high24h low24h sodUtc0 sodUtc8 volCcy24h vol24h ts")]
    public async Task Answer_OfAnEndpoint_HasTheVenuesShape(string path, string members)
    {
        var answer = await GetAsync(path);

        Assert.Equal(("code msg data", "0"), (answer.Members(), answer.Text("code")));
        Assert.NotEmpty(answer.GetProperty("data").EnumerateArray());
        Assert.All(answer.GetProperty("data").EnumerateArray(), row => Assert.Equal(members, row.Members()));
    }

    [Fact]
    public async Task Instruments_BySpotAndSwap_TellStepsAndContracts()
    {
        var spot = (await GetAsync("public/instruments?instType=SPOT")).GetProperty("data").EnumerateArray().ToList();
        var swaps = (await GetAsync("public/instruments?instType=SWAP")).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal([Spot, "XYZ-USDT"], spot.Select(one => one.Text("instId")));
        Assert.Equal(("BTC", "USDT", "", "0.01", "0.00001", "live"), (
            spot[0].Text("baseCcy"), spot[0].Text("quoteCcy"), spot[0].Text("ctVal"), spot[0].Text("tickSz"),
            spot[0].Text("lotSz"), spot[0].Text("state")));
        Assert.Equal((Swap, "BTC-USDT", "USDT", "0.01", "BTC", "linear", "0.001"), (
            swaps[0].Text("instId"), swaps[0].Text("uly"), swaps[0].Text("settleCcy"), swaps[0].Text("ctVal"), swaps[0].Text("ctValCcy"),
            swaps[0].Text("ctType"), swaps[0].Text("lotSz")));
        Assert.Equal("1", swaps[1].Text("ctVal"));
        Assert.Empty((await GetAsync("public/instruments?instType=OPTION&uly=BTC-USD")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task HistoryTrades_PagedBackById_GiveEveryTradeOnce()
    {
        var truth = _simulation.Engine(SimulatedVenue.Okx, Spot).Truth;
        var ids = new List<long>();
        var path = "market/history-trades?instId=BTC-USDT&type=1";
        while ((await GetAsync(path)).GetProperty("data").EnumerateArray().ToList() is { Count: > 0 } page)
        {
            ids.AddRange(page.Select(row => row.Whole("tradeId")));
            path = $"market/history-trades?instId=BTC-USDT&type=1&after={ids[^1]}";

            // Twenty pages every two seconds are allowed; what is traded meanwhile is newer than what is read.
            _simulation.Advance(0.1);
        }

        Assert.True(ids.Count > 4000);
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(back => ids[0] + 1 - back), ids);
        Assert.Equal(truth.StartId, ids[^1]);
        _simulation.Advance(2);
        var before = (await GetAsync($"market/history-trades?instId=BTC-USDT&before={ids[0] - 3}&after={ids[0]}")).GetProperty("data");
        Assert.Equal([ids[0] - 1, ids[0] - 2], before.EnumerateArray().Select(row => row.Whole("tradeId")));
        var time = truth[ids[50]].Time / 1000;
        var older = (await GetAsync($"market/history-trades?instId=BTC-USDT&type=2&after={time}&limit=1")).GetProperty("data")[0];
        Assert.True(older.Whole("ts") < time && truth[older.Whole("tradeId") + 1].Time / 1000 >= time);
    }

    [Fact]
    public async Task Candles_AfterAndBefore_GiveTheBarsBetweenNewestFirst()
    {
        var all = (await GetAsync("market/candles?instId=BTC-USDT&bar=1m")).GetProperty("data").EnumerateArray().ToList();
        var times = all.ConvertAll(bar => long.Parse(bar[0].GetString()!, null));

        Assert.Equal(times.OrderDescending(), times);
        Assert.Equal(4, all.Count);
        Assert.Equal(["0", "1", "1", "1"], all.Select(bar => bar[8].GetString()));
        Assert.Equal(
            [times[1], times[2]],
            await TimesAsync($"market/history-candles?instId=BTC-USDT&bar=1m&after={times[0]}&before={times[3]}"));
        Assert.Equal([times[1]], await TimesAsync($"market/candles?instId=BTC-USDT&bar=1m&after={times[0]}&limit=1"));
        var fills = _simulation.Engine(SimulatedVenue.Okx, Spot).Truth;
        decimal volume = 0;
        for (var id = fills.StartId; id < fills.NextId; id++)
        {
            volume += fills[id].Quantity / 1e8m;
        }

        Assert.Equal(volume, all.Sum(bar => bar[5].Decimal()));
    }

    [Theory]
    [InlineData("market/candles?instId=NO-SUCH", "51001")]
    [InlineData("market/candles?instId=BTC-USDT&bar=1min", "51000")]
    [InlineData("market/trades?instId=BTC-USDT&limit=many", "51000")]
    [InlineData("public/instruments", "51000")]
    [InlineData("public/funding-rate?instId=BTC-USDT", "51001")]
    public async Task Answer_ToABadRequest_HasTheVenuesCode(string path, string code)
    {
        var answer = await GetAsync(path);

        Assert.Equal((code, 0), (answer.Text("code"), answer.GetProperty("data").GetArrayLength()));
    }

    [Fact]
    public async Task Requests_AboveTheLimitOfAnEndpoint_Get429UntilTheWindowIsOver()
    {
        for (var i = 0; i < 10; i++)
        {
            await GetAsync("public/time");
        }

        using var refused = await _simulation.Http.GetAsync(new Uri("/api/v5/public/time", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("""{"code":"50011","msg":"Too Many Requests","data":[]}""", await refused.Content.ReadAsStringAsync());
        await GetAsync("public/mark-price?instType=SWAP");
        _simulation.Advance(2);
        Assert.Equal("0", (await GetAsync("public/time")).Text("code"));
    }

    private async Task<List<long>> TimesAsync(string path) =>
        (await GetAsync(path)).GetProperty("data").EnumerateArray().Select(bar => long.Parse(bar[0].GetString()!, null)).ToList();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _simulation.Http.GetAsync(new Uri($"/api/v5/{path}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }
}
