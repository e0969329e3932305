using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>Three collectors share the partitions of one topology; any of them may go at any time.</summary>
public sealed class SharingTests(ITestOutputHelper output)
{
    private const int Partitions = 6;

    // What a planned hand-over is to cost, milliseconds, and what half of them must stay below on however busy a machine: a group that
    // breaks before it makes needs seconds.
    private const double Goal = 500;
    private const double Most = 2_500;

    private const string Venue = """
        instruments: [BTC-USDT, ETH-USDT, SOL-USDT, XRP-USDT, ADA-USDT, DOGE-USDT, BNB-USDT, LTC-USDT]
        channels: [trade, quote]
        tradeSource: trade
        """;

    private const string Simulator = """
        tradesPerSecond: 40
        quotesPerSecond: 5
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
          SOL-USDT: {price: 151.20, priceStep: 0.01, quantityStep: 0.001}
          XRP-USDT: {price: 2.1034, priceStep: 0.0001, quantityStep: 0.1}
          ADA-USDT: {price: 0.7034, priceStep: 0.0001, quantityStep: 0.1}
          DOGE-USDT: {price: 0.3034, priceStep: 0.0001, quantityStep: 1}
          BNB-USDT: {price: 640.20, priceStep: 0.01, quantityStep: 0.001}
          LTC-USDT: {price: 94.20, priceStep: 0.01, quantityStep: 0.001}
        """;

    private const string Restart = """
        restart: {group: pipeline, groupSession: 2s, checkpointInterval: 1s, leaseTimeout: 4s}
        """;

    private readonly ConcurrentQueue<Written> _trades = new();

    [Fact]
    public async Task ThreeCollectors_OneKilledOrDrainedAgainAndAgain_NothingIsLostOrThereTwice()
    {
        var rounds = LongForm.Number("PIPELINE_SHARE_ROUNDS", 3);
        var seed = LongForm.Number("PIPELINE_SHARE_SEED", Environment.TickCount & 0xffff);
        output.WriteLine($"PIPELINE_SHARE_SEED={seed} PIPELINE_SHARE_ROUNDS={rounds}");
        var random = new Random(seed);
        await using var stack = new LocalStack(Venue, Simulator, Restart, Partitions, rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var proof = Proof.Begin(stack, $"--against {stack.Control}");
        var group = new CollectorGroup(stack, Partitions);
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(stack, stop.Token);
        await group.StartAsync("anna");
        await group.StartAsync("bert");
        await group.StartAsync("cleo");
        await group.WhenSharedAsync();

        // The first is drained and the second killed, so that even the short form has both.
        for (var round = 0; round < rounds; round++)
        {
            var name = group.Running.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(3));
            var isKilled = round < 2 ? round == 1 : random.Next(2) == 0;
            await group.EndAsync(name, isKilled);
            await group.WhenSharedAsync();
            var owners = await group.OwnersAsync();
            output.WriteLine($"{name} {(isKilled ? "killed" : "drained")}: {string.Join("; ", owners.Select(one => $"{one.Key} has {string.Join(' ', one)}"))}");
            await group.StartAsync(name);
            await group.WhenSharedAsync();
        }

        foreach (var name in group.Running.Keys.ToList())
        {
            await group.EndAsync(name, isKilled: false);
        }

        using var instruments = new TopicReader(stack.BootstrapServers, Partitions, "md.instruments");
        instruments.ReadRest();
        Assert.Equal(8, instruments.Records.Select(record => record.Key).Distinct().Count());
        var said = await proof.EndAsync();
        await stop.CancelAsync();
        await reading;
        var handOvers = group.HandOvers;
        var twice = _trades.GroupBy(trade => (trade.Key, trade.Id)).Count(same => same.Count() > 1);
        output.WriteLine($"verify: {said["result"]} of {said["counts"]!["tradeRecords"]} trades, {said["counts"]!["ids"]} ids, {said["counts"]!["compared"]} compared; {said["kinds"]!.ToJsonString()}");
        output.WriteLine($"a foreign reader sees {twice} trades twice; verify dropped {Proof.CountOf(said, "stale-epoch")} records of stale epochs");
        Tell(handOvers);
        Assert.True((string)said["result"]! == "proven", $"{said["findings"]!.ToJsonString()}\n{group.Output}");
        Assert.Equal((long)said["counts"]!["ids"]!, (long)said["counts"]!["compared"]!);
        Assert.Equal(0, Proof.CountOf(said, "duplicate"));
        var planned = handOvers.Values.Where(one => one.How == "planned").Select(one => one.Silence).Order().ToList();
        Assert.NotEmpty(planned);
        Assert.Contains(handOvers.Values, one => one.How == "lease");
        output.WriteLine($"{planned.Count(one => one < Goal)} of {planned.Count} planned hand-overs in less than {Goal} ms");
        Assert.True(planned[planned.Count / 2] < Most, $"half of the planned hand-overs took {planned[planned.Count / 2]} ms or more");
        output.WriteLine(Row(rounds, said, twice, planned, handOvers));
    }

    private static string Row(
        int rounds, JsonNode said, int twice, List<double> planned, Dictionary<(int Partition, long Epoch), (string How, double Silence)> handOvers)
    {
        var lease = handOvers.Values.Where(one => one.How == "lease").Select(one => one.Silence).Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| sharing | {rounds} killed or drained | {said["result"]} of {said["counts"]!["tradeRecords"]} trades, {twice} seen twice by a stranger | planned ({planned.Count}): {Figures(planned)} | lease ({lease.Count}): {Figures(lease)} |");
    }

    private void Tell(Dictionary<(int Partition, long Epoch), (string How, double Silence)> handOvers)
    {
        var seen = Silences();
        foreach (var how in handOvers.GroupBy(one => one.Value.How).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var told = how.Select(one => one.Value.Silence).Order().ToList();
            var measured = how.Where(one => seen.ContainsKey(one.Key)).Select(one => seen[one.Key]).Order().ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{how.Key}: {told.Count} hand-overs, the owners say {Figures(told)}; between the trades in the log {Figures(measured)}"));
        }
    }

    private static string Figures(List<double> sorted) => sorted.Count == 0
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Count / 2]:F0}, worst {sorted[^1]:F0} ms");

    /// <summary>By partition and epoch, how long no trade was produced before its first: what a reader of the topic sees, milliseconds.</summary>
    private Dictionary<(int Partition, long Epoch), double> Silences()
    {
        var silences = new Dictionary<(int, long), double>();
        foreach (var partition in _trades.GroupBy(trade => trade.Partition))
        {
            var last = partition.First();
            foreach (var trade in partition)
            {
                if (trade.Epoch > last.Epoch)
                {
                    silences[(trade.Partition, trade.Epoch)] = (trade.Produced - last.Produced) / 1000.0;
                }

                last = trade;
            }
        }

        return silences;
    }

    /// <summary>Reads along as a stranger would, who knows nothing of epochs.</summary>
    private async Task ReadAsync(LocalStack stack, CancellationToken stop)
    {
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
        reader.Sink = record => _trades.Enqueue(new Written(
            record.Partition,
            record.Key,
            (long)record.Json["id"]!,
            long.Parse(record.Headers["epoch"], CultureInfo.InvariantCulture),
            long.Parse(record.Headers["produced-us"], CultureInfo.InvariantCulture)));
        await Task.Factory.StartNew(
            () => reader.ReadUntil(_ => stop.IsCancellationRequested, TimeSpan.FromHours(2)), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private sealed record Written(int Partition, string Key, long Id, long Epoch, long Produced);
}
