using System.Net;
using System.Text.Json;

namespace Pipeline.Tests.Simulator;

public sealed class TruthRoutesTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Candles_OfMinutes_AreTheSumsOfTheTrades()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(3.5));
        var trades = (await _simulation.GetAsync("/truth/trades?symbol=BTCUSDT&limit=100000")).GetProperty("trades").EnumerateArray().ToList();
        var candles = (await _simulation.GetAsync("/truth/candles?venue=binance&symbol=BTCUSDT&interval=1m")).GetProperty("candles")
            .EnumerateArray().ToList();

        Assert.Equal([true, true, true, false], candles.Select(candle => candle.GetProperty("closed").GetBoolean()));
        Assert.All(candles, candle =>
        {
            var (from, to) = (candle.GetProperty("openTime").GetInt64(), candle.GetProperty("endTime").GetInt64());
            var own = trades.Where(trade => trade.GetProperty("time").GetInt64() >= from && trade.GetProperty("time").GetInt64() < to).ToList();
            Assert.Equal(own.Count, candle.GetProperty("trades").GetInt32());
            Assert.Equal(own[0].GetProperty("price").GetString(), candle.GetProperty("open").GetString());
            Assert.Equal(own.Sum(trade => Decimal(trade, "quantity")), Decimal(candle, "volume"));
            Assert.Equal(own.Sum(trade => Decimal(trade, "price") * Decimal(trade, "quantity")), Decimal(candle, "quoteVolume"));
        });
        var second = candles[1].GetProperty("openTime").GetInt64();
        var one = await _simulation.GetAsync($"/truth/candles?symbol=BTCUSDT&interval=1m&from={second}&to={second}");
        Assert.Equal(1, one.GetProperty("candles").GetArrayLength());
    }

    [Fact]
    public async Task Book_AtAnId_IsTheBookOfNowThenAndRefusesOthers()
    {
        _simulation.Clock.Advance(TimeSpan.FromSeconds(10));
        var now = await _simulation.GetAsync("/truth/book?symbol=BTCUSDT");
        var id = now.GetProperty("updateId").GetInt64();
        _simulation.Clock.Advance(TimeSpan.FromSeconds(10));
        var then = await _simulation.GetAsync($"/truth/book?symbol=BTCUSDT&id={id}");

        Assert.Equal(now.GetProperty("bids").GetRawText(), then.GetProperty("bids").GetRawText());
        Assert.Equal(now.GetProperty("asks").GetRawText(), then.GetProperty("asks").GetRawText());
        await AssertGoneAsync(then.GetProperty("oldestId").GetInt64() - 1, "too old");
        await AssertGoneAsync(then.GetProperty("lastId").GetInt64() + 1, "in the future");
    }

    private static decimal Decimal(JsonElement parent, string name) =>
        decimal.Parse(parent.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task AssertGoneAsync(long id, string reason)
    {
        using var answer = await _simulation.Control.GetAsync($"/truth/book?symbol=BTCUSDT&id={id}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
