using System.Globalization;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>A writer that was taken for dead and wakes: what it still had to send reaches the log, and nobody of ours takes it for data.</summary>
public sealed class FencingTests(ITestOutputHelper output)
{
    private const int Partitions = 4;
    private const int LeaseSeconds = 4;

    private static readonly string[] Topics = ["md.trades", "md.candles", "md.gaps"];

    [Fact]
    public async Task WriterThatWasStoppedAndReplaced_IsFenced_AndItsRecordsAreDroppedAndCounted()
    {
        // PIPELINE_STOP makes it so many seconds; longer than the lease in any case.
        var seconds = Math.Max(LeaseSeconds * 2, LongForm.Number("PIPELINE_STOP", LeaseSeconds * 2));

        // The client keeps records back for so long: some are with it when it is stopped, and leave when it wakes.
        await using var stack = new LocalStack(
            TwoMarkets.Venue(), TwoMarkets.Simulator(60), $"restart: {{checkpointInterval: 1s, leaseTimeout: {LeaseSeconds}s}}", Partitions, "linger.ms: 900", rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var proof = Proof.Begin(stack, $"--against {stack.Control}");
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, Topics);
        var first = await stack.StartCollectorAsync();
        reader.ReadUntil(r => r.Of("md.trades").Count() > 300, explain: () => first.Output);
        var epoch = reader.Of("md.trades").Max(Epoch);

        first.Signal(PipelineProcess.SigStop);
        var stopped = StackControl.Now;
        var (second, _) = await stack.BeginCollectorAsync("second");
        reader.ReadUntil(r => NewTrades(r, epoch) > 100, explain: () => second.Output);
        var taken = (StackControl.Now - stopped) / 1e6;
        reader.ReadUntil(_ => StackControl.Now - stopped > seconds * 1_000_000L);
        Assert.Empty(Stale(reader.Records));

        var lasted = (StackControl.Now - stopped) / 1e6;
        first.Signal(PipelineProcess.SigContinue);
        reader.ReadUntil(r => Stale(r.Records).Count > 0, explain: () => $"{first.Output}\n---\n{second.Output}");

        // It sees that it slept, and gives up what it had; it is ended before it claims anew and takes the partitions back.
        await Until.TrueAsync(() => first.HasExited || first.Output.Contains("lost", StringComparison.OrdinalIgnoreCase), () => first.Output);
        first.Signal(PipelineProcess.SigInt);
        await first.WaitForExitAsync();
        var after = reader.Of("md.trades").Count();
        reader.ReadUntil(r => r.Of("md.trades").Count() > after + 300, explain: () => second.Output);
        second.Signal(PipelineProcess.SigInt);
        await second.WaitForExitAsync();
        reader.ReadRest();
        var said = await proof.EndAsync();
        var stale = Stale(reader.Records);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stopped for {lasted:F1} s, the other wrote 100 trades after {taken:F1} s; {stale.Count} records of the woken one ({string.Join(", ", stale.GroupBy(one => one.Topic).Select(group => $"{group.Count()} {group.Key}"))}) dropped, verify says {Proof.CountOf(said, "stale-epoch")}: {said["result"]} of {said["counts"]!["tradeRecords"]} trades"));
        Assert.Equal(stale.Count, Proof.CountOf(said, "stale-epoch"));
        Assert.True((string)said["result"]! == "proven", $"{said["kinds"]!.ToJsonString()}\n{said["findings"]!.ToJsonString()}\n{first.Output}\n---\n{second.Output}");
        Assert.Equal((long)said["counts"]!["ids"]!, (long)said["counts"]!["compared"]!);
    }

    private static long Epoch(TopicRecord record) => long.Parse(record.Headers["epoch"], CultureInfo.InvariantCulture);

    private static int NewTrades(TopicReader reader, long epoch) => reader.Of("md.trades").Count(record => Epoch(record) > epoch);

    /// <summary>By this test's own count: what bears a lower epoch than something before it in its partition.</summary>
    private static List<TopicRecord> Stale(IEnumerable<TopicRecord> records)
    {
        var highest = new Dictionary<(string, int), long>();
        var stale = new List<TopicRecord>();
        foreach (var record in records)
        {
            var place = (record.Topic, record.Partition);
            var epoch = Epoch(record);
            if (epoch < highest.GetValueOrDefault(place))
            {
                stale.Add(record);
            }
            else
            {
                highest[place] = epoch;
            }
        }

        return stale;
    }
}
