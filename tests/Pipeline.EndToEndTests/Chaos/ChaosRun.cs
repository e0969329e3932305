using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>Everything goes wrong for a while; then nothing does, and what stands in the topics is held against what happened.</summary>
internal sealed class ChaosRun(ChaosPlan plan, TimeSpan length, Action<string> tell)
{
    // Behind the last trade that was fetched, so that no candle is in doubt: `verify` lets a revision be under way for 15 s.
    private const long Settled = 16_000_000;

    private static readonly TimeSpan SettleBound = TimeSpan.FromMinutes(3);

    public async Task<ChaosVerdict> RunAsync()
    {
        var started = StackControl.Now;
        await using var stack = new ChaosStack(plan.Seed);
        await stack.Local.StartSimulatorAsync();
        await using var metrics = new ChaosMetrics(stack.Local);
        var actor = new ChaosActor(stack, metrics, tell);
        await actor.StartAsync();
        using var log = new ChaosLog(stack.Local.BootstrapServers);
        await Until.TrueAsync(() => ChaosStack.Keys.All(key => log.Of(key).Count > 0), () => actor.Collector.Output);
        var verify = stack.Local.StartShell(
            $"exec {PipelineProcess.Executable} verify --topology {stack.Local.TopologyPath} --follow --json --against {stack.Local.Control} 2>verify.log");

        var until = StackControl.Now + (long)length.TotalMicroseconds;
        do
        {
            foreach (var step in plan.NextRound())
            {
                await actor.DoAsync(step);
            }
        }
        while (StackControl.Now < until);

        await actor.EndAsync();
        await SettleAsync(stack, log, actor);
        await metrics.RefreshAsync();
        actor.Collector.Signal(PipelineProcess.SigInt);
        var exit = await actor.Collector.WaitForExitAsync();
        await ReadRestAsync(stack, log);
        verify.Signal(PipelineProcess.SigInt);
        await verify.WaitForExitAsync(SettleBound); // It asks for every trade there was.
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(stack.Local.TopologyPath))!;
        if (!verify.Output.StartsWith('{'))
        {
            throw new InvalidOperationException($"verify: {verify.ExitCode} {verify.Output} {await File.ReadAllTextAsync(Path.Combine(folder, "verify.log"))}");
        }

        actor.Lives.Add(actor.Collector.Output);
        return new ChaosVerdict(JsonNode.Parse(verify.Output)!, exit, await stack.Control.InjectedAsync(), actor, log, metrics)
        {
            Length = TimeSpan.FromMicroseconds(StackControl.Now - started),
        };
    }

    /// <summary>Waits until no hole is open, and the candles it touched have had their time.</summary>
    private async Task SettleAsync(ChaosStack stack, ChaosLog log, ChaosActor actor)
    {
        var ended = StackControl.Now;
        tell($"{DateTime.UtcNow:HH:mm:ss.fff} faults are over");
        await Until.TrueAsync(
            async () =>
            {
                var isRepaired = await stack.Local.CounterAsync("pipeline.gaps.open") == 0 && await WaitingAsync(stack) == 0 && log.Gaps.All(gap => !gap.IsOpen);
                var (trade, repaired) = log.Newest;
                return isRepaired && trade > Math.Max(repaired, ended) + Settled;
            },
            () => $"open: {string.Join("; ", log.Gaps.Where(gap => gap.IsOpen))}. {actor.Collector.Output}",
            SettleBound);
        tell($"{DateTime.UtcNow:HH:mm:ss.fff} everything is repaired");
    }

    private static async Task<long> WaitingAsync(ChaosStack stack) => (await stack.Local.StatisticsAsync())["queues"]!.AsArray()
        .Where(queue => ((string)queue!["name"]!).StartsWith("trade repairs", StringComparison.Ordinal)).Sum(queue => (long)queue!["length"]!);

    private static async Task ReadRestAsync(ChaosStack stack, ChaosLog log)
    {
        using var client = new Confluent.Kafka.ConsumerBuilder<byte[], byte[]>(new Confluent.Kafka.ConsumerConfig
        {
            BootstrapServers = stack.Local.BootstrapServers,
            GroupId = "chaos-ends",
        }).Build();
        foreach (var topic in (string[])["md.trades", "md.gaps"])
        {
            for (var partition = 0; partition < ChaosStack.Partitions; partition++)
            {
                var at = new Confluent.Kafka.TopicPartition(topic, partition);
                var end = client.QueryWatermarkOffsets(at, TimeSpan.FromSeconds(10)).High.Value;
                await Until.TrueAsync(() => log.PositionOf(topic, partition) >= end - 1);
            }
        }
    }
}
