using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Doctor;

/// <summary>A healthy broker and exchange that the tests share; each test breaks a topology of its own.</summary>
public sealed class DoctorStack : IAsyncLifetime
{
    private LocalStack _stack = null!;
    private int _topologies;

    internal LocalStack Stack => _stack;

    internal StackControl Control => new(_stack);

    internal string WebSocket => $"ws://127.0.0.1:{_stack.VenuePort}";

    internal string Rest => $"http://127.0.0.1:{_stack.VenuePort}";

    public async Task InitializeAsync()
    {
        _stack = Make();
        await _stack.StartBrokerAsync();
        await _stack.StartSimulatorAsync();
    }

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    private static LocalStack Make() => new(
        """
        instruments: [BTC-USDT, ETH-USDT]
        channels: [trade, quote, book]
        """,
        """
        tradesPerSecond: 20
        quotesPerSecond: 20
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
        """,
        rest: true);

    /// <summary>Runs the command on the healthy topology, in which <paramref name="edits"/> are replaced.</summary>
    internal Task<DoctorVerdict> RunAsync(params (string From, string To)[] edits) => RunAsync("", edits);

    /// <param name="shell">What the shell does before.</param>
    internal async Task<DoctorVerdict> RunAsync(string shell, params (string From, string To)[] edits)
    {
        var text = await File.ReadAllTextAsync(_stack.TopologyPath);
        foreach (var (from, to) in edits)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        var path = Path.Combine(Path.GetDirectoryName(_stack.TopologyPath)!, $"broken-{Interlocked.Increment(ref _topologies)}.yaml");
        await File.WriteAllTextAsync(path, text);
        var run = await _stack.RunShellAsync($"{shell} '{PipelineProcess.Executable}' doctor --json --topology '{path}'");
        Assert.True(run.Output.StartsWith('{'), run.Output);
        return new DoctorVerdict(run.ExitCode, JsonNode.Parse(run.Output)!, run.Output);
    }
}
