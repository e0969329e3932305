using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests;

/// <summary>Exchange → collector → broker → gateway → client, each a process of its own.</summary>
public sealed class GatewayTests
{
    private const string Trades = "binance:BTC-USDT:trade";

    private const string Venue = """
        instruments: [BTC-USDT, ETH-USDT]
        channels: [trade, quote]
        tradeSource: trade
        """;

    private const string Simulator = """
        tradesPerSecond: 20
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
        """;

    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task Client_Subscribes_GetsTradesQuotesAndCandles_AndAKilledGatewayGivesTheSameSeq()
    {
        await using var stack = Make();
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        var gateway = await stack.StartGatewayAsync(_port);
        var before = new Dictionary<long, long>();
        string epoch;
        await using (var client = await GatewayClient.ConnectAsync(_port))
        {
            await client.SendAsync("""
                {"op":"subscribe","id":"1","filterId":"f1","filters":{"exchange":["binance"],"symbols":["BTC/USDT"],"dataTypes":["trade","quote","candle:1s"]}}
                """);
            Assert.Equal("ack", (string)(await client.AnswerAsync("1"))["type"]!);
            await Until.TrueAsync(
                () => client.DataOf(Trades).Count > 20 && client.DataOf("binance:BTC-USDT:quote").Count > 5
                    && client.DataOf("binance:BTC-USDT:candle:1s").Any(one => (string)one["data"]!["state"]! == "final"),
                () => $"{client.Messages.Count} messages; {gateway.Output}");
            var trades = client.DataOf(Trades);
            AssertChained(trades);
            Assert.DoesNotContain(client.Messages, one => ((string?)one["stream"])?.Contains("ETH", StringComparison.Ordinal) == true);
            epoch = (string)trades[0]["epoch"]!;
            Assert.NotEmpty(epoch);
            foreach (var trade in trades)
            {
                before.Add((long)trade["data"]!["id"]!, (long)trade["seq"]!);
            }
        }

        gateway.Signal(PipelineProcess.SigKill);
        await gateway.WaitForExitAsync();
        var restarted = await stack.StartGatewayAsync(_port);
        var oldest = before.Values.Min();
        await using var again = await GatewayClient.ConnectAsync(_port);
        await again.SendAsync(Resume("2", epoch, oldest));
        Assert.True((bool)(await again.AnswerAsync("2"))["recovered"]!);
        await Until.TrueAsync(() => again.DataOf(Trades).Count > before.Count + 20, () => $"{again.Messages.Count} messages");

        var after = again.DataOf(Trades);
        AssertChained(after);
        Assert.Equal(oldest, (long)after[0]["prev"]!);
        var seqOf = after.ToDictionary(one => (long)one["data"]!["id"]!, one => (long)one["seq"]!);
        Assert.All(before.Where(one => one.Value > oldest), one => Assert.Equal(one.Value, seqOf[one.Key]));
        var ids = after.Select(one => (long)one["data"]!["id"]!).ToList();
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => ids[0] + i), ids);

        restarted.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await restarted.WaitForExitAsync());
        Assert.Contains("gateway stopped after", restarted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_Restarted_ClientIsToldThatNothingIsRecovered()
    {
        await using var stack = Make();
        var broker = await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        await stack.StartGatewayAsync(_port);
        string epoch;
        long seq;
        await using (var client = await GatewayClient.ConnectAsync(_port))
        {
            await client.SendAsync("""{"op":"subscribe","id":"1","filters":{"symbols":["binance:BTC-USDT"],"dataTypes":["trade"]}}""");
            await Until.TrueAsync(() => client.DataOf(Trades).Count > 5);
            (epoch, seq) = ((string)client.DataOf(Trades)[^1]["epoch"]!, (long)client.DataOf(Trades)[^1]["seq"]!);
        }

        broker.Signal(PipelineProcess.SigKill);
        await broker.WaitForExitAsync();
        await stack.StartBrokerAsync();

        // The collector claims the partitions anew and names the new log; the gateway reads that from its start.
        JsonNode? answer = null;
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    await using var client = await GatewayClient.ConnectAsync(_port);
                    await client.SendAsync("""{"op":"subscribe","id":"1","filters":{"symbols":["binance:BTC-USDT"],"dataTypes":["trade"]}}""");
                    await Until.TrueAsync(() => client.DataOf(Trades).Any(one => (string)one["epoch"]! != epoch), bound: TimeSpan.FromSeconds(5));
                    await using var returning = await GatewayClient.ConnectAsync(_port);
                    await returning.SendAsync(Resume("2", epoch, seq));
                    answer = await returning.AnswerAsync("2");
                    return true;
                }
                catch (Exception fault) when (fault is System.Net.WebSockets.WebSocketException or TimeoutException)
                {
                    return false;
                }
            },
            bound: TimeSpan.FromMinutes(2));

        Assert.False((bool)answer!["recovered"]!);
        Assert.Equal([Trades], answer["notRecovered"]!.AsArray().Select(one => (string)one!));
    }

    private static string Resume(string id, string epoch, long seq)
    {
        const string filters = """{"exchange":["binance"],"symbols":["BTC-USDT"],"dataTypes":["trade"]}""";
        var resume = new JsonObject { ["epoch"] = epoch, ["streams"] = new JsonObject { [Trades] = seq } };
        return $$"""{"op":"subscribe","id":"{{id}}","filterId":"r","filters":{{filters}},"resume":{{resume.ToJsonString()}}}""";
    }

    /// <summary>Each trade names the one before it: none is missing, none there twice.</summary>
    private static void AssertChained(IReadOnlyList<JsonNode> trades)
    {
        for (var i = 1; i < trades.Count; i++)
        {
            Assert.Equal((long)trades[i - 1]["seq"]!, (long)trades[i]["prev"]!);
        }
    }

    private LocalStack Make() => new(Venue, Simulator, LocalStack.GatewaySections(_port));
}
