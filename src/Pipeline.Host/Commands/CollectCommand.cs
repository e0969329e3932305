using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Collecting;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.Host.Status;
using Pipeline.Host.Telemetry;
using Pipeline.Kafka;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline collect</c>: exchange → Kafka.</summary>
internal static class CollectCommand
{
    // What is inside is a second's work; only brokers that are away can take longer, and for them nobody waits for ever.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    // Brokers that are away are asked for no more often than this.
    private static readonly TimeSpan ClaimPause = TimeSpan.FromSeconds(1);

    public static Command Create(CommandContext context) => ServiceCommand.Make(
        context,
        "collect",
        "Collect market data from the topology's venues and write it to Kafka. Ctrl-C drains what is inside and says what was flushed.",
        ["pipeline collect", "pipeline collect --topology topology/live.yaml"],
        (file, table, cancellation) => RunAsync(context, file, table, cancellation));

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, StatusTable table, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        using var export = TelemetryExport.Start(file.Metrics, "pipeline-collector", file.Collector.Name, loggers);
        var process = new ProcessFigures(context.Time) { ReadExportFailures = () => export?.Failures ?? [] };
        var log = loggers.CreateLogger("collector");
        var current = file;
        long? lost = null;
        using var idle = new PipelineMetrics(meterName: PipelineMetrics.UnseenMeterName);
        idle.AddProcess(process);
        var port = new StandingPort(idle);

        // The port first: a second collector by mistake must end before it claims anything or touches the venues.
        await using var server = await CollectorServer.StartAsync(file.Collector, port, cancellation);

        // Longer than any collector: whoever loses its lease keeps its place.
        await using var group = MakeGroup(file, log);
        while (true)
        {
            try
            {
                var code = await RunOnceAsync(context, current, port, table, process, loggers, group, lost, cancellation);
                if (code is not null)
                {
                    return code.Value;
                }

                lost = context.Time.GetTimestamp();
            }
            catch (KafkaClientException error) when (lost is not null)
            {
                // Once it has collected it does not end for want of a broker.
                CollectorLog.NotCollectingYet(log, error.Message);
            }
            catch (PartitionsLostException error) when (!error.Loss.IsTakenOver)
            {
                // Lost again before it could go on. Who was taken over from ends: to claim again would only take turns.
                CollectorLog.NotCollectingYet(log, error.Message);
            }

            await Task.Delay(ClaimPause, context.Time, cancellation);
            current = Read(context, file.Path, Path.GetFullPath(file.Path, context.WorkingFolder)).File ?? current;
        }
    }

    /// <summary>From the claim to the end; null when the partitions were lost and are to be claimed again: one path with a restart.</summary>
    /// <param name="lost">When they were lost; null at the first time.</param>
    private static async Task<int?> RunOnceAsync(
        CommandContext context, TopologyFile file, StandingPort port, StatusTable table, ProcessFigures process, ILoggerFactory loggers,
        PartitionGroup? group, long? lost, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file.Path, context.WorkingFolder);
        await using var collector = await Collector.CreateAsync(
            file, () => Read(context, file.Path, path), context.Time, process, loggers, group, cancellation);
        collector.Start();
        group?.Join();
        port.Follow(collector);
        if (lost is { } since)
        {
            CollectorLog.CollectingAgain(loggers.CreateLogger("collector"), context.Time.GetElapsedTime(since).TotalSeconds);
        }

        using var watch = new TopologyWatch(path, () => _ = collector.ReloadAsync("file", isQuiet: true), context.Time, loggers.CreateLogger("collector"));
        using var hangups = context.TakeHangups(() => _ = collector.ReloadAsync("signal"));
        table.Note($"collector started: {file.Venues.Count} venues, Kafka {file.Kafka.BootstrapServers}, {file.Collector.Listen}statistics");
        try
        {
            return await RunUntilStoppedAsync(context, file, collector, table, loggers.CreateLogger("collector"), cancellation);
        }
        finally
        {
            port.LetGo("the collector has lost its partitions and claims them again");
        }
    }

    /// <summary>Null for one that has all partitions by itself.</summary>
    private static PartitionGroup? MakeGroup(TopologyFile file, ILogger log) => file.Restart.Group is null
        ? null
        : new PartitionGroup(file.Kafka, file.Restart, TopicCatalog.Of(file.Kafka).State.Name, what => CollectorLog.Ownership(log, what));

    /// <summary>The file that was read, wherever a name would lead by now.</summary>
    private static TopologyResult Read(CommandContext context, string name, string path)
    {
        var result = new TopologyReader(context.Venues, context.Environment).ReadFile(path);
        return result.File is { } file
            ? result with { File = file with { Path = name } }
            : result with { Errors = [.. result.Errors.Select(error => error with { File = name })] };
    }

    private static async Task<int?> RunUntilStoppedAsync(
        CommandContext context, TopologyFile file, Collector collector, StatusTable table, ILogger log, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var figures = new CollectorFigures(context.Time);
        var showing = table.RunAsync(
            () =>
            {
                figures.Apply(collector.Statistics);
                return new StatusView($"pipeline collect {file.Path}", figures.ToSections());
            },
            ending.Token);
        await Task.WhenAny(showing, collector.Failure, collector.Lost);
        await ending.CancelAsync();
        await showing;
        if (collector.Lost.IsCompletedSuccessfully || collector.FailsForWantOfOwnership)
        {
            return await GiveUpAsync(context, collector, await collector.Lost, log, cancellation);
        }

        if (collector.Failure.IsFaulted)
        {
            context.Terminal.Fail($"the collector cannot go on: {collector.Failure.Exception!.InnerException!.Message}");
            return ExitCodes.Failed;
        }

        return await DrainAsync(context, collector, table);
    }

    private static async Task<int?> GiveUpAsync(
        CommandContext context, Collector collector, OwnershipLoss loss, ILogger log, CancellationToken cancellation)
    {
        using var bound = new CancellationTokenSource(DrainTimeout, context.Time);
        if (!loss.IsTakenOver)
        {
            CollectorLog.OwnershipLost(log, loss.Reason);
            await collector.GiveUpAsync(loss, bound.Token);
            return cancellation.IsCancellationRequested ? ExitCodes.Failed : null;
        }

        try
        {
            await collector.GiveUpAsync(loss, bound.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or KafkaSinkException)
        {
            context.Terminal.Fail($"taken over, and not everything could be flushed: {error.Message}");
            return ExitCodes.Failed;
        }

        // Whoever took over goes on. To claim again would only take turns.
        context.Terminal.Fail($"this collector ends: {loss.Reason}");
        return ExitCodes.Failed;
    }

    private static async Task<int> DrainAsync(CommandContext context, Collector collector, StatusTable table)
    {
        await collector.HandOverAsync(CancellationToken.None);
        table.Note("stopping: intake first, then what is inside, then the broker's acknowledgements");
        using var bound = new CancellationTokenSource(DrainTimeout, context.Time);
        var started = context.Time.GetTimestamp();
        try
        {
            var counts = await collector.DrainAsync(bound.Token);
            var milliseconds = context.Time.GetElapsedTime(started).TotalMilliseconds;
            table.Note(FormattableString.Invariant(
                $"drained in {milliseconds:F0} ms: {counts.Acknowledged} of {counts.HandedOver} records acknowledged"));
            return counts.Acknowledged == counts.HandedOver ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            var counts = collector.Counts;
            var left = string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.InFlight} records are not acknowledged and {collector.BatchesInside} batches have not reached the Kafka client");
            context.Terminal.Fail($"not drained within {DrainTimeout.TotalSeconds} s: {left}; are the brokers there?");
            return ExitCodes.Failed;
        }
    }
}
