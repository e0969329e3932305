using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// The sink stops: the broker's process is stopped for 30 s while the exchange sends 20,000 frames a second. What piles up must pile
/// up at the exchange, not in the collector.
/// </summary>
public sealed class BackPressureTests(ITestOutputHelper output)
{
    private const int Symbols = 10;
    private const int Partitions = 12;
    private const int SigStop = 19;
    private const int SigContinue = 18;

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
            """,
            $"""
            tradesPerSecond: 420
            quotesPerSecond: 1000
            symbols:
            {string.Join('\n', Enumerable.Range(0, Symbols).Select(i => $"  S{i}USDT: {"{"}price: {100 + i}.5, priceStep: 0.01, quantityStep: 0.001{"}"}"))}
            """,
            "candles: {intervals: [1m], live: []}",
            partitions: Partitions,
            kafkaProperties: "queue.buffering.max.kbytes: 2048, compression.codec: lz4");
        var broker = await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
        var check = new ContiguousTrades();
        reader.Sink = check.Add;
        reader.ReadUntil(_ => check.Count >= 20_000);

        // Steady state first: code compiled, buffers grown.
        var framesBefore = await stack.CounterAsync("pipeline.feed.frames");
        await Until.TrueAsync(async () => await stack.CounterAsync("pipeline.feed.frames") >= framesBefore + 100_000);
        reader.ReadUntil(_ => check.Count >= 60_000);
        var workingSet = WorkingSet(collector.Id);
        var unsentBefore = await UnsentAsync(stack);

        broker.Signal(SigStop);
        var peak = workingSet;
        var unsent = new List<long>();
        var fullest = 0L;
        for (var end = Environment.TickCount64 + (long)Standstill.TotalMilliseconds; Environment.TickCount64 < end; await Task.Delay(500))
        {
            peak = Math.Max(peak, WorkingSet(collector.Id));
            unsent.Add(await UnsentAsync(stack));
            fullest = Math.Max(fullest, AssertQueuesWithinBounds(await stack.StatisticsAsync()));
        }

        var received = await stack.CounterAsync("pipeline.feed.frames");
        broker.Signal(SigContinue);

        // Everything that waited arrives: the exchange's last trade of every symbol is on the topic.
        var truth = await stack.LastTradeIdsAsync();
        reader.ReadUntil(_ => truth.All(last => check.Last(last.Key) >= last.Value), TimeSpan.FromSeconds(120));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"working set {workingSet / 1e6:F0} → {peak / 1e6:F0} MB; unsent at the exchange {unsentBefore / 1e6:F1} → {unsent[^1] / 1e6:F1} MB; "
            + $"{received} frames received at the end of the standstill; fullest the blocks were {fullest} batches; {check.Count} trades checked"));
        Assert.True(peak - workingSet < 20_000_000, $"the working set grew by {(peak - workingSet) / 1e6:F1} MB");
        Assert.True(unsent[^1] > unsentBefore + 20_000_000, $"only {unsent[^1]} bytes wait at the exchange");
        Assert.True(unsent[^1] > unsent[unsent.Count / 2], "the exchange's backlog stopped growing");
        Assert.Empty(check.Faults);
    }

    private static async Task<long> UnsentAsync(LocalStack stack) => (await stack.ConnectionsAsync()).AsArray().Sum(c => (long)c!["unsentBytes"]!);

    private static long AssertQueuesWithinBounds(JsonNode statistics)
    {
        var blocks = statistics["queues"]!.AsArray().Where(queue => char.IsDigit(((string)queue!["name"]!)[0])).ToList();
        Assert.All(blocks, queue => Assert.InRange((long)queue!["length"]!, 0, (long)queue["capacity"]!));
        return blocks.Sum(queue => (long)queue!["length"]!);
    }

    private static long WorkingSet(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
