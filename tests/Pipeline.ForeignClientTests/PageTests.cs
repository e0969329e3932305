using System.Text.Json;
using Pipeline.EndToEndTests.Stack;

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

    [Fact]
    public async Task Page_OfTheRealGateway_ShowsWhatItShould()
    {
        var (port, candles) = (FreePort.Next(), FreePort.Next());
        using var folder = new TemporaryFolder();
        await using var stack = new LocalStack(
            "instruments: [BTC-USDT, ETH-USDT]\nchannels: [trade, quote, book]\ntradeSource: trade",
            "tradesPerSecond: 20\nquotesPerSecond: 20\nsymbols:\n  BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}\n"
                + "  ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}",
            $"gateway: {{listen: \"http://127.0.0.1:{port}\"}}\ncandles: {{listen: \"http://127.0.0.1:{candles}\"}}\nhistory: {{path: \"{folder.Path}/candles.db\"}}",
            rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        var gateway = await stack.StartGatewayAsync(port);
        var control = new StackControl(stack);

        var seen = await Browser.VisitAsync(new Uri($"http://127.0.0.1:{port}/"), "binance:BTC-USDT", "binance:ETH-USDT", async what =>
        {
            switch (what)
            {
                case "stale":
                    await control.FaultAsync("""{"id":"F41","stream":"btcusdt@trade","for":"5m"}""");
                    break;
                case "fresh":
                    await control.EndFaultsAsync();
                    break;
                case "down":
                    gateway.Signal(PipelineProcess.SigKill);
                    await gateway.WaitForExitAsync();
                    break;
                case "up":
                    gateway = await stack.StartGatewayAsync(port);
                    break;
            }
        });

        Assert.Equal(6, seen.GetProperty("streams").GetInt32());
        Assert.Contains("the exchange has newer data than arrives here", seen.GetProperty("stale").GetString(), StringComparison.Ordinal);
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

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("pipeline-page-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
