using Pipeline.Host;
using Pipeline.Host.Commands;

namespace Pipeline.Tests.Host.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private const string Topology = """
        venues:
          binance: {endpoints: {webSocket: "ws://127.0.0.1:9443"}, instruments: [BTC-USDT], channels: [trade]}
        simulator:
          symbols: {BTC-USDT: {price: 100, priceStep: 0.01, quantityStep: 0.01}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly CommandRun _run;

    public SimulateCommandTests() => _run = new CommandRun(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListFaults_NamesEveryFault_WithoutATopology()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("--list-faults"));

        Assert.Equal(70, _run.Out.Split('\n').Count(line => line.StartsWith("│ F", StringComparison.Ordinal)));
        Assert.Contains("not simulated", _run.Out, StringComparison.Ordinal);
        Assert.Contains("deadFor = 0s", _run.Out, StringComparison.Ordinal);
        Assert.Contains("venue (bybit), connection, stream, symbol", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_ThatIsNone_IsAUsageError()
    {
        _folder.Write("a.yaml", Topology);

        Assert.Equal(ExitCodes.Invalid, await RunAsync("--topology", "a.yaml", "--clock", "50@now"));
        Assert.Contains("--clock: '50@now' is no clock", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenario_WithAnUnknownKey_NamesFileAndLine()
    {
        _folder.Write("a.yaml", Topology);
        _folder.Write("s.yaml", "- {at: 1s, fault: F07}\n- {at: 1s, fault: F07, every: 1s}\n");
        var scenario = Path.Combine(_folder.Path, "s.yaml");

        Assert.Equal(ExitCodes.Failed, await RunAsync("--topology", "a.yaml", "--scenario", scenario));
        Assert.Contains($"{scenario}:2:24: There is no key 'every'", _run.Error, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => _run.RunAsync(SimulateCommand.Create(_run.Context), ["simulate", .. arguments]);
}
