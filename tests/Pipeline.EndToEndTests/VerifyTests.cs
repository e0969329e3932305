using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>What <c>pipeline verify</c> and <c>pipeline gaps</c> say of the topics of a collector, and of doctored ones.</summary>
public sealed class VerifyTests(ITestOutputHelper output)
{
    private const string Key = "binance:BTC-USDT";

    [Fact]
    public async Task Topics_OfACollector_AreProvenAndDoctoredOnesAreNot()
    {
        await using var stack = new LocalStack(TwoMarkets.Venue(), TwoMarkets.Simulator(40));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades", "md.candles");
        reader.ReadUntil(r => r.Of("md.trades").Count(trade => trade.Key == Key) >= 300 && r.Of("md.candles").Count(candle => IsFinal(candle, "5s")) >= 2);

        // While others write: what is read while it follows is proven as well.
        var following = await stack.RunAsync("verify", "--topology", stack.TopologyPath, "--follow", "--for", "3s");
        Assert.True(following.ExitCode == 0, following.Output);

        collector.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await collector.WaitForExitAsync());
        var (code, proof) = await VerifyAsync(stack, "--against", stack.Control.ToString());
        Assert.True(code == 0, proof.ToString());
        Assert.Equal("proven", (string)proof["result"]!);
        Assert.True((long)proof["counts"]!["candlesEqual"]! >= 4, proof.ToString());
        Assert.Equal((long)proof["counts"]!["ids"]!, (long)proof["counts"]!["compared"]!);
        output.WriteLine($"verify: {proof["recordsPerSecond"]} records/s of {proof["counts"]!["tradeRecords"]} trades and {proof["counts"]!["candleRecords"]} candles, embedded broker and start included");

        await AssertOpenGapIsNoPassAsync(stack, reader);
        await AssertDoctoredIsContradictedAsync(stack, reader);
    }

    [Fact]
    public async Task Verify_WithoutABroker_IsNotTried()
    {
        await using var stack = new LocalStack(TwoMarkets.Venue(), TwoMarkets.Simulator(40));
        var run = await stack.RunAsync("verify", "--topology", stack.TopologyPath);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error:", run.Output, StringComparison.Ordinal);
    }

    private static async Task AssertOpenGapIsNoPassAsync(LocalStack stack, TopicReader reader)
    {
        var last = reader.Of("md.trades").Last(trade => trade.Key == Key);
        var id = (long)last.Json["id"]! + 1_000_000;
        var gap = $$"""
            {"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":{{id}},"toId":{{id + 4}},"state":"open","reason":"stream",
            "missing":[[{{id}},{{id + 4}}]],"series":0,"fromTime":0,"toTime":0,"openedTime":{{(long)last.Json["eventTime"]!}},
            "updatedTime":{{(long)last.Json["eventTime"]!}},"announced":true,"tradesOffset":{{last.Offset}}}
            """;
        await ProduceAsync(stack, "md.gaps", last, $"{Key}:{id}", gap);
        var (code, proof) = await VerifyAsync(stack);
        Assert.Equal((3, "cannot prove"), (code, (string)proof["result"]!));
        Assert.Equal(1, (long)proof["kinds"]!["still-open"]!);
        var gaps = await stack.RunAsync("gaps", "--topology", stack.TopologyPath, "--open", "--json");
        Assert.Equal(0, gaps.ExitCode);
        Assert.Equal(($"{id}", "open"), ($"{JsonNode.Parse(gaps.Output)!["fromId"]}", (string)JsonNode.Parse(gaps.Output)!["state"]!));
        var table = await stack.RunAsync("gaps", "--topology", stack.TopologyPath, "--instrument", "BTC/USDT");
        Assert.Contains(table.Lines, line => line.Contains($"{id}…{id + 4}", StringComparison.Ordinal) && line.Contains("5 of 5", StringComparison.Ordinal));
    }

    private static async Task AssertDoctoredIsContradictedAsync(LocalStack stack, TopicReader reader)
    {
        var trade = reader.Of("md.trades").First(trade => trade.Key == Key);
        await ProduceAsync(stack, "md.trades", trade, Key, Encoding.UTF8.GetString(trade.Value));
        var candle = reader.Of("md.candles").First(candle => candle.Key.StartsWith(Key, StringComparison.Ordinal) && IsFinal(candle, "1s"));
        var value = candle.Json.DeepClone().AsObject();
        value["state"] = "revised";
        value["revision"] = 1;
        value["close"] = "1";
        value["complete"] = true;
        value["source"] = "trades";
        await ProduceAsync(stack, "md.candles", candle, candle.Key, value.ToJsonString());
        var (code, proof) = await VerifyAsync(stack, "--instrument", "BTC-USDT");
        Assert.Equal((1, "contradicted"), (code, (string)proof["result"]!));
        var findings = proof["findings"]!.AsArray();
        Assert.Contains(findings, finding => (string)finding!["kind"]! == "duplicate" && ((string)finding["what"]!).Contains($"trade {trade.Json["id"]} ", StringComparison.Ordinal));
        Assert.Contains(findings, finding => (string)finding!["topic"]! == "md.candles" && (string)finding["instrument"]! == Key);

        // The other instrument is as it was.
        Assert.Equal(0, (await VerifyAsync(stack, "--instrument", "ETH-USDT")).ExitCode);
    }

    private static async Task<(int ExitCode, JsonNode Proof)> VerifyAsync(LocalStack stack, params string[] more)
    {
        // What is said of progress goes to the other output, which the tests see too.
        var run = await stack.RunShellAsync($"{PipelineProcess.Executable} verify --topology {stack.TopologyPath} --json {string.Join(' ', more)} 2>verify.log");
        var log = Path.Combine(Path.GetDirectoryName(stack.TopologyPath)!, "..", "verify.log");
        Assert.True(run.Output.StartsWith('{'), $"{run.ExitCode}: {run.Output}{await File.ReadAllTextAsync(log)}");
        return (run.ExitCode, JsonNode.Parse(run.Output)!);
    }

    private static bool IsFinal(TopicRecord candle, string interval) =>
        (string)candle.Json["interval"]! == interval && (string)candle.Json["state"]! == "final";

    /// <summary>Writes a record beside another one: in its partition, under its epoch.</summary>
    private static async Task ProduceAsync(LocalStack stack, string topic, TopicRecord beside, string key, string value)
    {
        var headers = new Headers { { "epoch", Encoding.UTF8.GetBytes(beside.Headers["epoch"]) } };
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = stack.BootstrapServers }).Build();
        await producer.ProduceAsync(
            new TopicPartition(topic, beside.Partition),
            new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value), Headers = headers });
    }
}
