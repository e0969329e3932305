using System.Globalization;
using System.Text.Json;

namespace Pipeline.ForeignClientTests;

/// <summary>Clients by other people, unchanged but for their addresses: what they understand is what a venue says.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private Exchange _exchange = null!;

    public async Task InitializeAsync() => _exchange = await Exchange.StartAsync();

    public async Task DisposeAsync() => await _exchange.DisposeAsync();

    [Fact]
    public async Task Ccxt_Binance_SeesTradesCandlesAndBook()
    {
        var seen = await ForeignClient.RunAsync("ccxt.js", "binance", "BTC/USDT", _exchange.BinanceRest, _exchange.BinanceSocket);

        Assert.Equal(["BTC/USDT", "ETH/USDT"], Names(seen.GetProperty("markets")));
        await _exchange.AssertTradesAsync("binance", "BTCUSDT", seen.GetProperty("trades"));
        await _exchange.AssertBookAsync("binance", "BTCUSDT", seen.GetProperty("book"));
        await AssertCandlesAsync("binance", "BTCUSDT", seen);
    }

    [Fact]
    public async Task Ccxt_Okx_SeesTradesCandlesAndBook()
    {
        var seen = await ForeignClient.RunAsync("ccxt.js", "okx", "BTC/USDT", _exchange.OkxRest, _exchange.OkxSocket);

        Assert.Equal(["BTC/USDT", "BTC/USDT:USDT", "ETH/USDT", "ETH/USDT:USDT"], Names(seen.GetProperty("markets")));
        await _exchange.AssertBookAsync("okx", "BTC-USDT", seen.GetProperty("book"));
        await AssertCandlesAsync("okx", "BTC-USDT", seen);
        await AssertRangesAsync("BTC-USDT", [.. seen.GetProperty("trades").EnumerateArray()]);
    }

    [Fact]
    public async Task BinancePackage_SeesTradesCandlesAndDiffs()
    {
        var seen = await ForeignClient.RunAsync("binance.js", "ETHUSDT", _exchange.BinanceRest, _exchange.BinanceSocket);

        Assert.Equal(["BTCUSDT", "ETHUSDT"], Names(seen.GetProperty("symbols")));
        Assert.True(seen.GetProperty("depth").GetInt64() > 0);
        await _exchange.AssertTradesAsync("binance", "ETHUSDT", seen.GetProperty("trades"));
        var diffs = seen.GetProperty("books").EnumerateArray().ToList();
        Assert.All(diffs.Zip(diffs.Skip(1)), pair =>
            Assert.Equal(pair.First.GetProperty("last").GetInt64() + 1, pair.Second.GetProperty("first").GetInt64()));
    }

    [Fact]
    public async Task OkxPackage_SeesTradesCandlesAndBooks()
    {
        var seen = await ForeignClient.RunAsync("okx-api.js", "ETH-USDT", _exchange.OkxRest, _exchange.OkxSocket);

        Assert.Equal(["BTC-USDT", "ETH-USDT"], Names(seen.GetProperty("instruments")));
        Assert.Equal(["books", "candle1m", "trades"], Names(seen.GetProperty("acks")));
        var books = seen.GetProperty("books").EnumerateArray().ToList();
        Assert.Equal(("snapshot", -1), (books[0].GetProperty("action").GetString(), books[0].GetProperty("previous").GetInt64()));
        Assert.All(books.Zip(books.Skip(1)), pair =>
            Assert.Equal(pair.First.GetProperty("id").GetInt64(), pair.Second.GetProperty("previous").GetInt64()));
        await AssertRangesAsync("ETH-USDT", [.. seen.GetProperty("trades").EnumerateArray()]);
    }

    private static List<string> Names(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>A row stands for the fills of one taker order at one price, up to its id: sums are the exchange's.</summary>
    private async Task AssertRangesAsync(string symbol, List<JsonElement> rows)
    {
        var ids = rows.ConvertAll(row => long.Parse(row.GetProperty("id").GetString()!, CultureInfo.InvariantCulture));
        var truth = await _exchange.GetAsync($"/truth/trades?venue=okx&symbol={symbol}&fromId={ids[0] + 1}&limit=100000");
        var made = truth.GetProperty("trades").EnumerateArray().ToDictionary(trade => trade.GetProperty("id").GetInt64());
        for (var i = 1; i < rows.Count; i++)
        {
            var fills = Enumerable.Range(0, (int)(ids[i] - ids[i - 1])).Select(at => made[ids[i - 1] + 1 + at]).ToList();
            Assert.NotEmpty(fills);
            Assert.All(fills, fill => Assert.Equal(Exchange.Decimal(rows[i].GetProperty("price")), Exchange.Decimal(fill.GetProperty("price"))));
            Assert.Equal(Exchange.Decimal(rows[i].GetProperty("quantity")), fills.Sum(fill => Exchange.Decimal(fill.GetProperty("quantity"))));
        }
    }

    private async Task AssertCandlesAsync(string venue, string symbol, JsonElement seen)
    {
        var live = seen.GetProperty("candles").EnumerateArray().ToList();
        Assert.NotEmpty(live);
        foreach (var candle in live.Concat(seen.GetProperty("history").EnumerateArray()))
        {
            var open = candle[0].GetInt64() * 1000;
            var truth = await _exchange.GetAsync($"/truth/candles?venue={venue}&symbol={symbol}&interval=1m&from={open}&to={open + 60_000_000}");
            var bar = truth.GetProperty("candles").EnumerateArray().Single(one => one.GetProperty("openTime").GetInt64() == open);

            if (Exchange.Decimal(candle[5]) == 0)
            {
                // Seen before its first trade, which sets the open: until then it shows the close before. Forming bars are told at even
                // seconds and history is asked for right after the third, so that one minute in thirty begins just then.
                Assert.Single(Enumerable.Range(1, 4).Select(at => Exchange.Decimal(candle[at])).Distinct());
                continue;
            }

            // The bar may have gone on since: its open stays, its extremes only widen.
            Assert.Equal(Exchange.Decimal(bar.GetProperty("open")), Exchange.Decimal(candle[1]));
            Assert.InRange(Exchange.Decimal(candle[2]), Exchange.Decimal(candle[1]), Exchange.Decimal(bar.GetProperty("high")));
            Assert.InRange(Exchange.Decimal(candle[3]), Exchange.Decimal(bar.GetProperty("low")), Exchange.Decimal(candle[1]));
            Assert.InRange(Exchange.Decimal(candle[5]), 0, Exchange.Decimal(bar.GetProperty("volume")));
        }
    }
}
