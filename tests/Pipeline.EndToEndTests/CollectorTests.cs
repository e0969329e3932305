using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests;

public sealed class CollectorTests
{
    private static readonly string Venue = $"{TwoMarkets.Venue("trade, quote, book, venueCandle")}\nvenueCandleIntervals: [1s, 1m]";

    [Fact]
    public async Task Reader_InAnotherLanguage_SeesKeysHeadersAndPartitions()
    {
        await using var stack = new LocalStack(Venue, TwoMarkets.Simulator(20));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        foreach (var (topic, schema) in new[] { ("trades", "trade/1"), ("quotes", "quote/1"), ("candles", "candle/1"), ("venue-candles", "candle/1") })
        {
            var records = await KcatAsync(stack, $"md.{topic}", 10);
            Assert.Equal(10, records.Count);
            foreach (var record in records)
            {
                var value = JsonNode.Parse((string)record["payload"]!)!;
                var key = $"{value["venue"]}:{value["instrument"]}";
                Assert.StartsWith(key, (string)record["key"]!, StringComparison.Ordinal);
                var headers = record["headers"]!.AsArray().Select(h => (string)h!).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
                Assert.Equal(["epoch", "leg", "produced-us", "received-us", "schema"], headers.Keys.Order());
                Assert.Equal((schema, "binance-1", "0"), (headers["schema"], headers["leg"], headers["epoch"]));
                var waited = Microseconds(headers["produced-us"]) - Microseconds(headers["received-us"]);
                Assert.InRange(waited, 0, 60_000_000);
            }
        }
    }

    [Fact]
    public async Task Frames_ThatAreBad_AreDeadLetteredAndTheConnectionIsKept()
    {
        await using var stack = new LocalStack(Venue, TwoMarkets.Simulator(20));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        var connection = (await stack.ConnectionsAsync()).AsArray().Single()!["id"]!.ToString();
        byte[][] bad =
        [
            """{"stream":"btcusdt@trade","data":{"e":"trade","E":17949"""u8.ToArray(),
            [.. """{"stream":"btcusdt@trade","x":" """u8, 0xC3, 0x28, 0xFF, .. "\"}"u8],
            Encoding.ASCII.GetBytes(new string('[', 50_000)),
            Encoding.ASCII.GetBytes("{\"e\":\"huge\",\"x\":\"" + new string('x', 1_000_000) + "\"}"),
            """{"e":"trade","E":1,"s":"BTCUSDT","t":"one","p":2,"q":"1","T":1,"m":true,"M":true}"""u8.ToArray(),
        ];
        foreach (var frame in bad)
        {
            await stack.SendFrameAsync(frame);
        }

        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.deadletter", "md.trades");
        reader.ReadUntil(r => r.Of("md.deadletter").Count() >= bad.Length);
        var letters = reader.Of("md.deadletter").Select(record => record.Json).ToList();
        Assert.Equal(["malformed", "malformed", "malformed", "unknown-event", "wrong-shape"], letters.Select(l => (string)l["reason"]!));
        Assert.Equal(bad.Select(frame => (long)frame.Length), letters.Select(l => (long)l["size"]!));
        Assert.Equal(bad.Length, await stack.CounterAsync("pipeline.feed.dead_letters"));

        // The same connection goes on delivering.
        var before = reader.Of("md.trades").Count();
        reader.ReadUntil(r => r.Of("md.trades").Count() > before + 20);
        Assert.Equal(connection, (await stack.ConnectionsAsync()).AsArray().Single()!["id"]!.ToString());
    }

    [Fact]
    public async Task Connection_CutByTheVenue_IsOpenedAgainAndItsStreamsAreBack()
    {
        await using var stack = new LocalStack(Venue, TwoMarkets.Simulator(20));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        var old = (await stack.ConnectionsAsync()).AsArray().Single()!["id"]!.ToString();
        await stack.PostAsync($"/connections/{old}/abort");
        await Until.TrueAsync(
            async () => (await stack.ConnectionsAsync()).AsArray() is [{ } only] && only["id"]!.ToString() != old && (int)only["streams"]!.AsArray().Count >= 8,
            () => collector.Output);
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        var last = 0L;
        reader.ReadUntil(r => r.Of("md.trades").Any());
        var statistics = await stack.StatisticsAsync();
        Assert.Equal(1, (int)statistics["venues"]![0]!["connections"]![0]!["reconnects"]!);
        reader.ReadUntil(r => r.Of("md.trades").Count() >= 300);
        foreach (var trade in reader.Of("md.trades").Where(record => record.Key == "binance:BTC-USDT"))
        {
            Assert.True((long)trade.Json["id"]! > last);
            last = (long)trade.Json["id"]!;
        }
    }

    [Fact]
    public async Task Collector_Killed_TheBrokerKeepsItsRecordsAndTheNextOneGoesOn()
    {
        await using var stack = new LocalStack(Venue, TwoMarkets.Simulator(20));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var first = await stack.StartCollectorAsync();
        using var before = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        before.ReadUntil(r => r.Of("md.trades").Count() >= 50);
        first.Signal(PipelineProcess.SigKill);
        await first.WaitForExitAsync();

        // Every record read before the kill lies at the same offset with the same content.
        using var after = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        var seen = before.Records.ToDictionary(r => (r.Partition, r.Offset), r => Encoding.UTF8.GetString(r.Value));
        after.ReadUntil(r => r.Records.Count(record => seen.ContainsKey((record.Partition, record.Offset))) == seen.Count);
        Assert.All(
            after.Records.Where(r => seen.ContainsKey((r.Partition, r.Offset))),
            r => Assert.Equal(seen[(r.Partition, r.Offset)], Encoding.UTF8.GetString(r.Value)));
        await stack.StartCollectorAsync();
        var count = after.Records.Count;
        after.ReadUntil(r => r.Records.Count >= count + 50);
    }

    [Fact]
    public async Task Interrupt_DrainsInFlowOrderAndReportsWhatWasFlushed()
    {
        await using var stack = new LocalStack(Venue, TwoMarkets.Simulator(20));
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(
            stack.BootstrapServers, 4, "md.trades", "md.quotes", "md.books", "md.candles", "md.venue-candles", "md.health", "md.instruments", "md.status",
            "md.deadletter", "md.gaps", "md.state");
        reader.ReadUntil(r => r.Records.Count >= 500);
        collector.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await collector.WaitForExitAsync());
        reader.ReadRest();

        // What it says it handed over and had acknowledged is what lies on the topics.
        Assert.Contains($"{reader.Records.Count} of {reader.Records.Count} records acknowledged", collector.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["BTC-USDT trading 1", "ETH-USDT trading 1"],
            reader.Of("md.instruments").Select(record => $"{record.Json["instrument"]} {record.Json["status"]} {record.Json["revision"]}").Order());
    }

    private static long Microseconds(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<List<JsonNode>> KcatAsync(LocalStack stack, string topic, int count)
    {
        var start = new ProcessStartInfo("kcat") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["-b", stack.BootstrapServers, "-C", "-t", topic, "-o", "beginning", "-c", $"{count}", "-J", "-u"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var kcat = Process.Start(start) ?? throw new InvalidOperationException("kcat did not start; install Debian's package kcat.");
        using var bound = new CancellationTokenSource(Until.Bound);
        var output = await kcat.StandardOutput.ReadToEndAsync(bound.Token);
        await kcat.WaitForExitAsync(bound.Token);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
