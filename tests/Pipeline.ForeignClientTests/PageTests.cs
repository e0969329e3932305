using System.Text.Json;

namespace Pipeline.ForeignClientTests;

/// <summary>
/// The page in Chromium: it loads, the chart shows history and moves, intervals and instruments are switched, older candles come, stale
/// and lost states show with their reasons, dark, light and phone. The script waits for each of these; here is what the figures must be.
/// </summary>
public sealed class PageTests
{
    [Fact]
    public async Task Page_OfAMadeUpMarket_ShowsWhatItShould()
    {
        using var gateway = await MockGateway.StartAsync();

        var seen = await Browser.VisitAsync(gateway.Url, "binance:BTC-USDT", "binance:ETH-USDT", gateway.BringAboutAsync);

        Assert.Equal(300, seen.GetProperty("history").GetInt32());
        Assert.Equal(800, seen.GetProperty("older").GetInt32());
        Assert.Equal(45, seen.GetProperty("streams").GetInt32());
        Assert.Contains("no data for too long", seen.GetProperty("stale").GetString(), StringComparison.Ordinal);
        AssertWell(seen);
    }

    private static void AssertWell(JsonElement seen)
    {
        Assert.StartsWith("Disconnected: ", seen.GetProperty("lost").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("reconnected").GetBoolean());
        Assert.Equal("light", seen.GetProperty("theme").GetString());
        Assert.Equal(0, seen.GetProperty("overflow").GetInt32());
        Assert.Empty(seen.GetProperty("unnamed").EnumerateArray());

        // Errors of the page, violations of its policy, requests to other hosts.
        Assert.Empty(seen.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()));
    }
}
