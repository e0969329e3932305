using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Collecting;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline collect</c>: exchange → Kafka.</summary>
internal static class CollectCommand
{
    // What is inside is a second's work; only brokers that are away can take longer, and for them nobody waits for ever.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    public static Command Create(CommandContext context) => ServiceCommand.Make(
        context,
        "collect",
        "Collect market data from the topology's venues and write it to Kafka. Ctrl-C drains what is inside and says what was flushed.",
        ["pipeline collect", "pipeline collect --topology topology/live.yaml"],
        (file, table, cancellation) => RunAsync(context, file, table, cancellation));

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, StatusTable table, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        var path = Path.GetFullPath(file.Path, context.WorkingFolder);
        await using var collector = await Collector.CreateAsync(file, () => Read(context, file.Path, path), context.Time, loggers, cancellation);

        // The port first: a second collector by mistake must end before it touches the venues.
        await using var server = await CollectorServer.StartAsync(file.Collector, collector, cancellation);
        collector.Start();
        using var watch = new TopologyWatch(path, () => _ = collector.ReloadAsync("file", isQuiet: true), context.Time, loggers.CreateLogger("collector"));
        using var hangups = context.TakeHangups(() => _ = collector.ReloadAsync("signal"));
        table.Note($"collector started: {file.Venues.Count} venues, Kafka {file.Kafka.BootstrapServers}, {file.Collector.Listen}statistics");
        return await RunUntilStoppedAsync(context, file, collector, table, cancellation);
    }

    /// <summary>The file that was read, wherever a name would lead by now.</summary>
    private static TopologyResult Read(CommandContext context, string name, string path)
    {
        var result = new TopologyReader(context.Venues, context.Environment).ReadFile(path);
        return result.File is { } file
            ? result with { File = file with { Path = name } }
            : result with { Errors = [.. result.Errors.Select(error => error with { File = name })] };
    }

    private static async Task<int> RunUntilStoppedAsync(
        CommandContext context, TopologyFile file, Collector collector, StatusTable table, CancellationToken cancellation)
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
        await Task.WhenAny(showing, collector.Failure);
        await ending.CancelAsync();
        await showing;
        if (collector.Failure.IsFaulted)
        {
            context.Terminal.Fail($"the collector cannot go on: {collector.Failure.Exception!.InnerException!.Message}");
            return ExitCodes.Failed;
        }

        return await DrainAsync(context, collector, table);
    }

    private static async Task<int> DrainAsync(CommandContext context, Collector collector, StatusTable table)
    {
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
