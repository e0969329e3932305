using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Recordings;
using Pipeline.Host.Status;
using Pipeline.Kafka.Raw;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline record</c>: raw frames with their arrival times → a file, or a topic.</summary>
internal static class RecordCommand
{
    /// <summary>In place of a file: the topic <c>md.raw</c>.</summary>
    public const string Kafka = RecordOptions.Kafka;

    private const long Megabyte = 1_000_000;

    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var to = new Option<string>("--to") { Description = $"File to write; later ones are FILE.1, FILE.2 … Or {Kafka}: the topic for frames (md.raw)", HelpName = "FILE", Required = true };
        var length = new Option<double?>("--for") { Description = "Seconds after which it ends [default: until Ctrl-C]", HelpName = "S" };
        var size = new Option<long?>("--max-size") { Description = "Megabytes after which it ends", HelpName = "MB" };
        var rotate = new Option<long?>("--rotate-size") { Description = "Megabytes after which the next file begins", HelpName = "MB" };
        var force = new Option<bool>("--force") { Description = "Overwrite the file" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say only what goes wrong" };
        var command = new PipelineCommand(
            "record",
            "Record what the topology's venues send, frame by frame as it arrives, for pipeline replay. Nothing is left out: a slow disk or broker makes the connections wait.",
            "pipeline record --to btc.rec --for 60",
            "pipeline record --to kafka --for 60",
            "pipeline record --to /data/live.rec --rotate-size 1000 --topology topology/live-small.yaml")
        {
            to, length, size, rotate, force, topology, quiet,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var isTopic = parsed.GetRequiredValue(to) == Kafka;
            if (isTopic && parsed.GetValue(rotate) is not null)
            {
                context.Terminal.Fail("--rotate-size is for files; a topic's retention bounds it");
                return Task.FromResult(ExitCodes.Invalid);
            }

            // The topic is made only where it is asked for, and that is asking.
            file = isTopic ? file with { Kafka = file.Kafka with { Raw = true } } : file;
            var path = isTopic ? Kafka : Path.GetFullPath(parsed.GetRequiredValue(to), context.WorkingFolder);
            if (!isTopic && File.Exists(path) && !parsed.GetValue(force))
            {
                context.Terminal.Fail($"'{path}' is there already; --force overwrites it");
                return Task.FromResult(ExitCodes.Invalid);
            }

            var options = new RecorderOptions
            {
                Holds = true,
                MaxBytes = parsed.GetValue(size) * Megabyte,
                MaxFileBytes = parsed.GetValue(rotate) * Megabyte,
            };
            var table = new StatusTable(context.Terminal, context.Time, QuietOption.Of(parsed, quiet));
            return RunAsync(context, file, path, options, parsed.GetValue(length), table, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TopologyFile file, string path, RecorderOptions options, double? seconds, StatusTable table, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        using var metrics = new PipelineMetrics();
        var venues = new List<RecordingVenue>();
        try
        {
            foreach (var venue in file.Venues)
            {
                venues.Add(await RecordingVenue.MakeAsync(venue, metrics, context.Time, loggers.CreateLogger("record"), cancellation));
            }

            var header = new RecordingHeader
            {
                CreatedTime = MarketTime.Now(context.Time),
                Summary = $"{file.Path}: {string.Join(", ", file.Venues.Select(venue => venue.Name))}",
                Venues = [.. venues.Select(venue => venue.Description)],
            };
            await using var recorder = path == Kafka
                ? await RecordToTopicAsync(file, header, options, table, context.Time, metrics, cancellation)
                : new FrameRecorder(number => Open(path, number), header, options, context.Time, metrics);
            foreach (var venue in venues)
            {
                await venue.StartAsync(recorder, metrics, context.Time);
            }

            await ShowAsync(context, path, recorder, seconds, table, cancellation);
            await CloseAsync(venues);
            await recorder.DisposeAsync();
            return Tell(context, recorder, path, table);
        }
        finally
        {
            await CloseAsync(venues);
        }
    }

    private static async Task<FrameRecorder> RecordToTopicAsync(
        TopologyFile file, RecordingHeader header, RecorderOptions options, StatusTable table, TimeProvider time, PipelineMetrics metrics,
        CancellationToken cancellation)
    {
        var target = await RawTarget.StartAsync(file.Kafka, () => header, time, metrics, cancellation, tell: what => table.Note(what));
        return new FrameRecorder(_ => target, options, time, metrics);
    }

    private static async Task ShowAsync(
        CommandContext context, string path, FrameRecorder recorder, double? seconds, StatusTable table, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(seconds is { } length ? TimeSpan.FromSeconds(length) : Timeout.InfiniteTimeSpan, context.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);

        var started = context.Time.GetTimestamp();
        var showing = table.RunAsync(() => ToView(path, recorder, context.Time.GetElapsedTime(started)), ending.Token);
        await Task.WhenAny(showing, recorder.Completion);
        await ending.CancelAsync();
        await showing;
    }

    private static StatusView ToView(string path, FrameRecorder recorder, TimeSpan elapsed) => new(
        $"pipeline record {Path.GetFileName(path)}",
        [
            new StatusSection(
                "recording",
                [
                    new StatusRow("frames", string.Create(
                        CultureInfo.InvariantCulture, $"{recorder.Frames:N0}, {recorder.Frames / Math.Max(1, elapsed.TotalSeconds):N0}/s")),
                    new StatusRow("written", string.Create(CultureInfo.InvariantCulture, $"{(double)recorder.Written / Megabyte:N1} MB")),
                ]),
        ]);

    private static int Tell(CommandContext context, FrameRecorder recorder, string path, StatusTable table)
    {
        if (recorder.Completion.IsFaulted)
        {
            context.Terminal.Fail($"the recording cannot be written: {recorder.Completion.Exception!.InnerException!.Message}");
            return ExitCodes.Failed;
        }

        table.Note(string.Create(
            CultureInfo.InvariantCulture, $"recorded {recorder.Frames:N0} frames, {(double)recorder.Written / Megabyte:N1} MB, to {path}"));
        if (recorder.Dropped > 0)
        {
            // Only what came while it ended.
            table.Note($"{recorder.Dropped} frames came after its end");
        }

        return ExitCodes.Ok;
    }

    private static async Task CloseAsync(List<RecordingVenue> venues)
    {
        await Task.WhenAll(venues.Select(venue => venue.DisposeAsync().AsTask()));
        venues.Clear();
    }

    private static FileStream Open(string path, int number)
    {
        var name = number == 0 ? path : $"{path}.{number}";
        return new FileStream(name, FileMode.Create, FileAccess.Write, FileShare.Read);
    }
}
