using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator;

namespace Pipeline.ForeignClientTests;

/// <summary>The simulator on free ports, and what it says really happened.</summary>
internal sealed class Exchange : IAsyncDisposable
{
    private readonly SimulatorHost _host;
    private readonly HttpClient _control;

    private Exchange(SimulatorHost host)
    {
        _host = host;
        _control = new HttpClient { BaseAddress = host.ControlUri };
    }

    public string BinanceSocket => Socket(_host.BinanceSpotUri);

    public string BinanceRest => Rest(_host.BinanceSpotUri);

    public string OkxSocket => Socket(_host.OkxUri!);

    public string OkxRest => Rest(_host.OkxUri!);

    public static async Task<Exchange> StartAsync()
    {
        var free = new Uri("http://127.0.0.1:0");
        var options = new SimulatorOptions
        {
            BinanceSpotListen = free,
            OkxListen = free,
            ControlListen = free,
            TradesPerSecond = 10,
            QuotesPerSecond = 20,
            Symbols =
            [
                new SimulatedSymbol("BTC-USDT", Number.Parse("91234.56"), Number.Parse("0.01"), Number.Parse("0.00001")),
                new SimulatedSymbol("ETH-USDT", Number.Parse("3120.4"), Number.Parse("0.01"), Number.Parse("0.0001")),
            ],
        };
        return new Exchange(await SimulatorHost.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
    }

    /// <summary>Every trade a client saw is one that was made, field by field, none twice, none left out between the first and the last.</summary>
    public async Task AssertTradesAsync(string venue, string symbol, JsonElement seen)
    {
        var trades = seen.EnumerateArray().ToList();
        var ids = trades.Select(trade => long.Parse(trade.GetProperty("id").GetString()!, CultureInfo.InvariantCulture)).ToList();
        var truth = await GetAsync($"/truth/trades?venue={venue}&symbol={symbol}&fromId={ids.Min()}&limit=100000");
        var made = truth.GetProperty("trades").EnumerateArray().ToDictionary(trade => trade.GetProperty("id").GetInt64());
        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.Equal(ids.Count, ids[^1] - ids[0] + 1);
        for (var i = 0; i < trades.Count; i++)
        {
            var expected = made[ids[i]];
            Assert.Equal(Decimal(expected.GetProperty("price")), Decimal(trades[i].GetProperty("price")));
            Assert.Equal(Decimal(expected.GetProperty("quantity")), Decimal(trades[i].GetProperty("quantity")));
            Assert.Equal(expected.GetProperty("side").GetString(), trades[i].GetProperty("side").GetString());
            Assert.Equal(expected.GetProperty("time").GetInt64() / 1000, trades[i].GetProperty("time").GetInt64());
        }
    }

    /// <summary>The client's book is the exchange's at the same update id.</summary>
    public async Task AssertBookAsync(string venue, string symbol, JsonElement seen)
    {
        var truth = await GetAsync($"/truth/book?venue={venue}&symbol={symbol}&id={seen.GetProperty("id").GetInt64()}");
        foreach (var side in new[] { "bids", "asks" })
        {
            var levels = seen.GetProperty(side).EnumerateArray().Select(Level).ToList();
            Assert.Equal(truth.GetProperty(side).EnumerateArray().Take(levels.Count).Select(Level), levels);
        }
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _control.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _host.DisposeAsync();
    }

    public static decimal Decimal(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static (decimal Price, decimal Quantity) Level(JsonElement level) => (Decimal(level[0]), Decimal(level[1]));

    private static string Socket(Uri uri) => $"ws://{uri.Authority}";

    private static string Rest(Uri uri) => $"http://{uri.Authority}";
}
