using Pipeline.EndToEndTests.Stack;
using Pipeline.TestKit;

namespace Pipeline.EndToEndTests;

/// <summary>The program that the README shows.</summary>
public sealed class SampleTests
{
    private const string Sample = "tests/Pipeline.EndToEndTests/Samples/WatchTrades.cs";

    private static readonly TimeSpan FirstBuild = TimeSpan.FromMinutes(2);

    // As the projects it needs were built already.
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Fact]
    public async Task WatchTrades_WhileTheExchangeCuts_PrintsEachTradeOnce()
    {
        await using var stack = new LocalStack(
            "instruments: [BTC-USDT]", "tradesPerSecond: 20\nsymbols:\n  BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}");
        await stack.StartSimulatorAsync();
        await using var sample = PipelineProcess.Start(
            "dotnet", ["run", "-c", Configuration, Sample, $"ws://127.0.0.1:{stack.VenuePort}", "20"], Fixture.RepositoryRoot);
        for (var cut = 1; cut <= 3; cut++)
        {
            var seen = sample.Lines.Count(IsTrade);
            await Until.TrueAsync(() => sample.Lines.Count(IsTrade) > seen + 5, () => sample.Output, FirstBuild);
            foreach (var connection in (await stack.ConnectionsAsync()).AsArray())
            {
                await stack.PostAsync($"/connections/{(int)connection!["id"]!}/abort");
            }
        }

        Assert.True(await sample.WaitForExitAsync() == 0, sample.Output);
        var ids = sample.Lines.Where(IsTrade).Select(line => line.Split(' ')[0]).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(3, sample.Lines.Count(line => line == "-- binance-1 lost: Aborted"));
        Assert.Contains($"{ids.Count} trades, 0 duplicates, 3 reconnects", sample.Lines);
    }

    [Fact]
    public void Readme_ShowsTheSampleAsItIs() =>
        Assert.Contains(
            File.ReadAllText(Path.Combine(Fixture.RepositoryRoot, Sample)).Trim(),
            File.ReadAllText(Path.Combine(Fixture.RepositoryRoot, "README.md")),
            StringComparison.Ordinal);

    private static bool IsTrade(string line) => line.Length > 0 && char.IsAsciiDigit(line[0]) && line.Contains(" at ", StringComparison.Ordinal);
}
