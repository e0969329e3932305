using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests;

/// <summary>What a collector records replays into what it wrote.</summary>
public sealed class RecordTests
{
    [Fact]
    public async Task Collect_WithRecord_ReplaysTheTradesItWrote()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-record-").FullName;
        await using var stack = new LocalStack(
            "instruments: [BTC-USDT]\nchannels: [trade]\ntradeSource: trade",
            "tradesPerSecond: 40\nsymbols:\n  BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}",
            $"record: {{enabled: true, to: {folder}}}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        reader.ReadUntil(r => r.Of("md.trades").Count() >= 200);
        collector.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await collector.WaitForExitAsync());
        reader.ReadRest();

        var replay = await stack.RunShellAsync(
            $"{PipelineProcess.Executable} replay {Assert.Single(Directory.GetFiles(folder, "binance-*.rec"))} --out out --strict -t {stack.TopologyPath} >&2 && cat out/md.trades-*.jsonl");
        Assert.True(await replay.WaitForExitAsync() == 0, replay.Output);
        var replayed = replay.Lines.Where(line => line.StartsWith('{')).Select(line => Describe(JsonNode.Parse(line)!));
        var written = reader.Of("md.trades").Where(record => (string)record.Json["source"]! == "live").Select(record => Describe(record.Json)).ToList();
        Assert.True(written.Count >= 200, $"only {written.Count}");
        Assert.Equal(written, replayed);
        Directory.Delete(folder, recursive: true);
    }

    private static string Describe(JsonNode trade) => $"{trade["id"]} {trade["price"]} {trade["quantity"]} {trade["receivedTime"]}";
}
