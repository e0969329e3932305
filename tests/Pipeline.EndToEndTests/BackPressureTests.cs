using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// The sink stops: the broker's process is stopped for 30 s while the exchange sends 20,000 frames a second. What piles up must pile
/// up at the exchange, not in the collector.
/// </summary>
[Collection(Measured.Name)]
public sealed class BackPressureTests(ITestOutputHelper output)
{
    private const int Symbols = 10;
    private const int Partitions = 12;

    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Sink_StopsFor30Seconds_TheExchangeWaitsAndNothingIsLost()
    {
        // A taker order makes 2.4 trades on average: ten symbols send 20,000 frames a second. A small client queue, so that it is full within a second; its 64 MB default would only postpone the same.
        await using var stack = new LocalStack(
            $"""
            instruments: [{string.Join(", ", Enumerable.Range(0, Symbols).Select(i => $"S{i}-USDT"))}]
            channels: [trade, quote]
            tradeSource: trade
            websocket: {"{"}pauseLimit: 5m{"}"}
            """,
            $"""
            tradesPerSecond: 420
            quotesPerSecond: 1000
            symbols:
            {string.Join('\n', Enumerable.Range(0, Symbols).Select(i => $"  S{i}-USDT: {"{"}price: {100 + i}.5, priceStep: 0.01, quantityStep: 0.001{"}"}"))}
            """,
            "candles: {intervals: [1m], live: []}\nrestart: {leaseTimeout: 5m}",
            partitions: Partitions,
            kafkaProperties: "queue.buffering.max.kbytes: 2048, compression.codec: lz4");
        var broker = await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades", "md.quotes");
        var check = new RisingRecords();
        reader.Sink = check.Add;
        reader.ReadUntil(_ => check.Trades >= 20_000);

        // Steady state first: code compiled, buffers grown.
        var framesBefore = await stack.CounterAsync("pipeline.feed.frames");
        await Until.TrueAsync(async () => await stack.CounterAsync("pipeline.feed.frames") >= framesBefore + 100_000);
        reader.ReadUntil(_ => check.Trades >= 60_000);
        var workingSet = collector.WorkingSet;
        var unsentBefore = await UnsentAsync(stack);

        broker.Signal(PipelineProcess.SigStop);
        var peak = workingSet;
        var unsent = new List<long>();
        var fullest = 0L;
        for (var end = Environment.TickCount64 + (long)Standstill.TotalMilliseconds; Environment.TickCount64 < end; await Task.Delay(500))
        {
            peak = Math.Max(peak, collector.WorkingSet);
            unsent.Add(await UnsentAsync(stack));
            fullest = Math.Max(fullest, AssertQueuesWithinBounds(await stack.StatisticsAsync()));
        }

        var perSecond = await FramesOfAsync(stack, unsent[^1] - unsentBefore) / Standstill.TotalSeconds;
        broker.Signal(PipelineProcess.SigContinue);

        // Everything that waited arrives: the exchange's last trade of every symbol is on the topic.
        var truth = await stack.LastTradeIdsAsync();
        reader.ReadUntil(_ => truth.All(last => check.LastTrade(last.Key) >= last.Value), TimeSpan.FromSeconds(120));

        // Every quote that the exchange sent came through too: what is acknowledged and read agrees once it stands still.
        var handedOver = await stack.CounterAsync("pipeline.kafka.handed_over", "md.quotes");
        reader.ReadUntil(_ => check.Quotes >= handedOver, TimeSpan.FromSeconds(60));
        Assert.Equal(0, await stack.CounterAsync("pipeline.graph.dropped"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"working set {workingSet / 1e6:F0} → {peak / 1e6:F0} MB; unsent at the exchange {unsentBefore / 1e6:F1} → {unsent[^1] / 1e6:F1} MB; "
            + $"{perSecond:F0} frames/s piled up; fullest the blocks were {fullest} batches; {check.Trades} trades and {check.Quotes} quotes checked"));

        // As many as the machine let the exchange make; buffered here they would be hundreds of megabytes.
        Assert.InRange(perSecond, 8_000, 30_000);
        Assert.True(peak - workingSet < 40_000_000, $"the working set grew by {(peak - workingSet) / 1e6:F1} MB");
        Assert.True(unsent[^1] > unsent[unsent.Count / 2], "the exchange's backlog stopped growing");
        Assert.Empty(check.Faults);
    }

    private static async Task<long> UnsentAsync(LocalStack stack) => (await stack.ConnectionsAsync()).AsArray().Sum(c => (long)c!["unsentBytes"]!);

    /// <summary>Frames in so many bytes, by the mean size of those the exchange has sent.</summary>
    private static async Task<double> FramesOfAsync(LocalStack stack, long bytes)
    {
        var connections = (await stack.ConnectionsAsync()).AsArray();
        return bytes / (connections.Sum(c => (double)c!["bytesSent"]!) / connections.Sum(c => (double)c!["framesSent"]!));
    }

    private static long AssertQueuesWithinBounds(JsonNode statistics)
    {
        var blocks = statistics["queues"]!.AsArray().Where(queue => char.IsDigit(((string)queue!["name"]!)[0])).ToList();
        Assert.All(blocks, queue => Assert.InRange((long)queue!["length"]!, 0, (long)queue["capacity"]!));
        return blocks.Sum(queue => (long)queue!["length"]!);
    }
}
