using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests;

/// <summary>The first minutes of a user: up, look, down.</summary>
public sealed class LocalStackTests
{
    private const string Venue = """
        instruments: [BTC-USDT, ETH-USDT]
        channels: [trade, quote, book, venueCandle]
        tradeSource: trade
        """;

    private const string Simulator = """
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
        """;

    [Fact]
    public async Task Up_TailTopicsCheckAndDown_DoWhatTheReadmeSays()
    {
        var gateway = FreePort.Next();
        await using var stack = new LocalStack(Venue, Simulator, LocalStack.GatewaySections(gateway));
        var up = await stack.RunAsync("up", "--detach");
        Assert.True(up.ExitCode == 0, up.Output);
        Assert.Contains($"127.0.0.1:{stack.BrokerPort}", up.Output, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{gateway}/", up.Output, StringComparison.Ordinal);
        Assert.True(LocalStack.IsListening(gateway));
        try
        {
            var tail = await stack.RunAsync("tail", "md.trades", "--count", "5", "--instrument", "BTC-USDT");
            Assert.Equal((0, 5), (tail.ExitCode, tail.Lines.Count(line => line.Contains(" binance:BTC-USDT ", StringComparison.Ordinal))));

            var json = await stack.RunAsync("tail", "quotes", "-c", "3", "--json");
            Assert.All(json.Lines, line => Assert.Equal("quote/1", (string)JsonNode.Parse(line)!["headers"]!["schema"]!));

            // A reader that has seen enough ends the tail.
            var head = await stack.RunShellAsync($"'{PipelineProcess.Executable}' tail trades quotes | head -n 3");
            Assert.Equal((0, 3), (head.ExitCode, head.Lines.Count));

            var topics = await stack.RunAsync("topics", "list");
            Assert.All(
                new[] { "md.trades", "md.quotes", "md.books", "md.candles", "md.venue-candles", "md.instruments", "md.deadletter" },
                topic => Assert.Contains(topic, topics.Output, StringComparison.Ordinal));
            var described = await stack.RunAsync("topics", "describe", "md.candles");
            Assert.Contains("wanted      cleanup.policy=compact,delete, ", described.Output, StringComparison.Ordinal);

            var check = await stack.RunAsync("check");
            Assert.Contains("8 streams", check.Output, StringComparison.Ordinal);

            var second = await stack.RunAsync("up", "--detach");
            Assert.NotEqual(0, second.ExitCode);
        }
        finally
        {
            var down = await stack.RunAsync("down");
            Assert.True(down.ExitCode == 0, down.Output);
        }

        Assert.All(
            new[] { stack.BrokerPort, stack.VenuePort, stack.ControlPort, stack.CollectorPort, gateway }, port => Assert.False(LocalStack.IsListening(port)));
    }

    [Fact]
    public async Task UpJson_IsOneObjectALine_WithTheFiguresOfAll()
    {
        await using var stack = new LocalStack(Venue, Simulator, LocalStack.GatewaySections(FreePort.Next()));
        var up = stack.StartShell($"exec '{PipelineProcess.Executable}' up --json");
        await Until.TrueAsync(
            () => up.Lines.Any(line => line.Contains("\"event\":\"status\"", StringComparison.Ordinal) && line.Contains("\"gateway\":{", StringComparison.Ordinal)),
            () => up.Output,
            TimeSpan.FromMinutes(3));
        up.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await up.WaitForExitAsync());

        var lines = up.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var running = Assert.Single(lines, line => (string?)line["event"] == "running");
        Assert.Equal(["broker", "simulator", "collector", "gateway"], running["children"]!.AsArray().Select(child => (string)child!["name"]!));

        // The last may have been told while they ended.
        var status = lines.First(line => (string?)line["event"] == "status" && line["gateway"] is JsonObject);
        Assert.All(status["processes"]!.AsArray(), process => Assert.Equal("ready", (string)process!["state"]!));
        Assert.Equal(8, status["collector"]!["venues"]![0]!["connections"]!.AsArray().Sum(one => (int)one!["confirmed"]!));
        Assert.Equal(0, (int)status["gateway"]!["connections"]!);
    }

    [Fact]
    public async Task Commands_WrongTopologyOrNoBroker_SayWhatToDo()
    {
        await using var stack = new LocalStack(Venue, Simulator, "grahp: {lanes: 2}");
        var check = await stack.RunAsync("check");
        Assert.Equal(2, check.ExitCode);
        Assert.Contains("did you mean 'graph'", check.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await stack.RunAsync("collect")).ExitCode);
        Assert.Equal(2, (await stack.RunAsync("nonsense")).ExitCode);
        Assert.Equal(0, (await stack.RunAsync("tail", "--help")).ExitCode);
        Assert.Equal(0, (await stack.RunAsync("topics", "describe", "--help")).ExitCode);

        await using var lonely = new LocalStack(Venue, Simulator);
        var tail = await lonely.RunAsync("tail", "md.trades");
        Assert.Equal(1, tail.ExitCode);
        Assert.Contains(lonely.BootstrapServers, tail.Output, StringComparison.Ordinal);
    }
}
