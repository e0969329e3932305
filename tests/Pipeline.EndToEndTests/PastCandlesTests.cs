using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Pipeline.Kafka.Records;

namespace Pipeline.EndToEndTests;

/// <summary>
/// Candles of the time before a collector's first start, and records as Protobuf: written once, left alone by restart and verification.
/// </summary>
public sealed class PastCandlesTests
{
    private const int Partitions = 4;
    private const string Key = "binance:BTC-USDT";

    private const string Venue = """
        instruments: [BTC-USDT]
        channels: [trade]
        tradeSource: trade
        """;

    private const string Simulator = """
        past: true
        tradesPerSecond: 20
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
        """;

    private const string Candles = """
        restart: {checkpointInterval: 1s}
        candles: {intervals: [5s, 1m, 5m, 1h, 1d], backfill: true, history: {5s: 10, 1m: 40, 1h: 30, 1d: 9}}
        """;

    [Fact]
    public async Task FirstStart_WritesTheVenuesCandlesOnceAndCompletesTheFirst_InProtobuf()
    {
        await using var stack = new LocalStack(Venue, Simulator, Candles, Partitions, rest: true);
        var topology = await File.ReadAllTextAsync(stack.TopologyPath);
        await File.WriteAllTextAsync(stack.TopologyPath, topology.Replace("kafka:\n", "kafka:\n  format: protobuf\n", StringComparison.Ordinal));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades", "md.candles");
        var collector = await stack.StartCollectorAsync();
        reader.ReadUntil(r => Past(r).Count >= 79);
        AssertReachesToTheFirstOwn(reader);

        // Killed while the first minute is still to be completed.
        collector.Signal(PipelineProcess.SigKill);
        await collector.WaitForExitAsync();
        var last = await stack.StartCollectorAsync();
        reader.ReadUntil(r => FirstMinute(r) is { } minute && (string)minute["source"]! == "mixed", TimeSpan.FromSeconds(150), () => last.Output);
        await AssertIsTheVenuesAsync(stack, FirstMinute(reader)!);

        last.Signal(PipelineProcess.SigInt);
        Assert.True(await last.WaitForExitAsync() == 0, last.Output);
        reader.ReadRest();
        Assert.Equal(79, Past(reader).Count);
        Assert.All(reader.Records, record => Assert.Equal(ProtobufRecords.ContentType, record.Headers["content-type"]));
        var verify = await stack.RunAsync("verify", "--topology", stack.TopologyPath, "--against", stack.Control.ToString());
        Assert.True(verify.ExitCode == 0, verify.Output);
        var tail = await stack.RunAsync("tail", "trades", "--topology", stack.TopologyPath, "--from-beginning", "--count", "3", "--json");
        Assert.True(tail.ExitCode == 0 && tail.Output.Contains("\"price\":\"", StringComparison.Ordinal), tail.Output);
    }

    private static void AssertReachesToTheFirstOwn(TopicReader reader)
    {
        var first = reader.Of("md.trades").Select(Json).Min(trade => (long)trade["eventTime"]!);
        foreach (var (interval, length, count) in new[] { ("1m", 60_000_000L, 40), ("1h", 3_600_000_000L, 30), ("1d", 86_400_000_000L, 9) })
        {
            var opens = Past(reader).Where(one => (string)one["interval"]! == interval).Select(one => (long)one["openTime"]!).ToList();
            var own = first - (first % length);
            Assert.Equal(Enumerable.Range(0, count).Select(i => own - ((count - i) * length)), opens);
        }

        Assert.All(Past(reader), one => Assert.Equal(("final", true, 0), ((string)one["state"]!, (bool)one["complete"]!, (int)one["revision"]!)));
    }

    private static async Task AssertIsTheVenuesAsync(LocalStack stack, JsonNode minute)
    {
        var start = ((long)minute["openTime"]! / 1000).ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient();
        var rows = await http.GetStringAsync(
            new Uri($"http://127.0.0.1:{stack.VenuePort}/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={start}&limit=1"));
        var row = JsonNode.Parse(rows)!.AsArray()[0]!.AsArray();
        Assert.True((bool)minute["complete"]!, minute.ToJsonString());
        string[] fields = ["open", "high", "low", "close", "volume"];
        Assert.All(fields.Select((field, i) => (field, i)), one => Assert.Equal(
            Value(row[one.i + 1]!), Value(minute[one.field]!)));
        Assert.Equal((long)row[8]!, (long)minute["trades"]!);
        Assert.Equal(Value(row[9]!), Value(minute["takerBuyVolume"]!));
    }

    private static decimal Value(JsonNode number) => decimal.Parse((string)number!, CultureInfo.InvariantCulture);

    private static JsonNode Json(TopicRecord record) =>
        JsonNode.Parse(ProtobufRecords.Decode(record.Headers["schema"], record.Value))!;

    private static List<JsonNode> Past(TopicReader reader) =>
        [.. reader.Of("md.candles").Select(Json).Where(candle => (string)candle["source"]! == "venue")];

    /// <summary>The newest record of the minute in which the series began.</summary>
    private static JsonNode? FirstMinute(TopicReader reader)
    {
        var minutes = reader.Of("md.candles").Where(record => record.Key.StartsWith($"{Key}:1m:", StringComparison.Ordinal)).Select(Json)
            .Where(one => (string)one["source"]! != "venue" && (string)one["state"]! != "forming").ToList();
        var first = minutes.Select(one => (long)one["openTime"]!).DefaultIfEmpty().Min();
        return minutes.LastOrDefault(one => (long)one["openTime"]! == first);
    }
}
