using System.Text.Json.Nodes;
using Pipeline.Host;

namespace Pipeline.Tests.Host.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private const string Good = """
        kafka: {topicPrefix: test, partitions: 4}
        venues:
          binance:
            endpoints: {webSocket: ws://127.0.0.1:9443}
            instruments: [BTC-USDT, ETH-USDT]
            channels: [trade, venueCandle]
            venueCandleIntervals: [1m, 1h]
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly CommandRun _run;

    public CheckCommandTests() => _run = new CommandRun(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_GoodFile_SaysWhatWouldRun()
    {
        _folder.Write("a.yaml", Good);

        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("check", "a.yaml"));
        Assert.Contains("a.yaml is valid", _run.Out, StringComparison.Ordinal);
        Assert.Contains("6 streams from ws://127.0.0.1:9443", _run.Out, StringComparison.Ordinal);
        Assert.Contains("test.trades test.candles test.venue-candles test.gaps test.health test.instruments test.status test.audit test.state test.deadletter, 4 partitions", _run.Out, StringComparison.Ordinal);
        Assert.Contains("simulator  none", _run.Out, StringComparison.Ordinal);
        Assert.Empty(_run.Error);
    }

    [Fact]
    public async Task Check_BadFile_NamesEveryErrorAndCodeIsTwo()
    {
        _folder.Write("topology/a.yaml", "clock: x\nvenues: {binance: {instruments: [BTC-USDT]}}\nfoo: 1\n");

        Assert.Equal(ExitCodes.Invalid, await _run.RunAsync("check", "--topology", "topology/a.yaml"));
        Assert.Equal(
            ["topology/a.yaml:1:8: clock: unknown clock 'x'", "topology/a.yaml:2:10: venues.binance.endpoints: this key is missing",
             "topology/a.yaml:3:1: foo: unknown key 'foo'", "error: 3 errors in the topology"],
            _run.Error.TrimEnd().Split('\n').Select(line => line.Split(" — ")[0]));
        Assert.Empty(_run.Out);
    }

    [Fact]
    public async Task Check_NoSuchFile_SaysSo()
    {
        Assert.Equal(ExitCodes.Invalid, await _run.RunAsync("check", "nowhere.yaml"));
        Assert.StartsWith("nowhere.yaml: file not found", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_IsTheWholeResult()
    {
        _folder.Write("good.yaml", Good);
        _folder.Write("bad.yaml", "venues: 3\n");
        var bad = new CommandRun(_folder.Path);

        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("check", "good.yaml", "--json"));
        Assert.Equal(ExitCodes.Invalid, await bad.RunAsync("check", "bad.yaml", "--json"));

        var summary = JsonNode.Parse(_run.Out)!;
        Assert.True((bool)summary["valid"]!);
        Assert.Equal(6, (int)summary["summary"]!["venues"]![0]!["streams"]!);
        var error = JsonNode.Parse(bad.Out)!["errors"]![0]!;
        Assert.Equal((1, 9, "venues"), ((int)error["line"]!, (int)error["column"]!, (string)error["key"]!));
    }
}
