using System.CommandLine;
using System.Globalization;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Replaying;
using Pipeline.Host.Status;
using Pipeline.Kafka.Folder;
using Pipeline.Kafka.Raw;
using Pipeline.Kafka.Sink;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline replay</c>: a recording → the same stations → Kafka or a folder.</summary>
internal static class ReplayCommand
{
    private const string Fastest = "max";
    private const double MostSpeed = 1000;

    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var file = new Argument<string>("RECORDING") { Description = "File of pipeline record, or NAME.jsonl.gz with NAME.recv.gz beside it; kafka: from the topic for frames (md.raw)" };
        var speed = new Option<string>("--speed") { Description = $"Times as fast as recorded, or {Fastest} [default: {Fastest}]", HelpName = "N" };
        var output = new Option<string>("--out", "-o") { Description = "Folder for a JSON-lines file for each topic and partition", HelpName = "DIR" };
        var prefix = new Option<string>("--prefix") { Description = "Write to Kafka, to topics of this prefix", HelpName = "PREFIX" };
        var force = new Option<bool>("--force") { Description = "Write into the live prefix, or into a folder that is not empty" };
        var recording = new Option<string>("--recording") { Description = "Of kafka: which recording [default: the newest]", HelpName = "ID" };
        var venue = new Option<string>("--venue") { Description = "Venue of a recording that does not say", HelpName = "NAME" };
        var instruments = new Option<string[]>("--instrument", "-i") { Description = "Only these, such as BTC-USDT or binance:BTC-USDT", HelpName = "NAME" };
        var strict = new Option<bool>("--strict") { Description = "Exit code 1 when the recording is torn or was not ended" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say only what goes wrong" };
        var command = new PipelineCommand(
            "replay",
            "Replay a recording through the stations of the collector. With --speed max time is the recording's own, and the output is the same each time.",
            "pipeline replay btc.rec --out replayed",
            "pipeline replay btc.rec --speed 20 --prefix test",
            "pipeline replay kafka --prefix again",
            "pipeline replay binance-spot_hft_btcusdt_20230405 -t topology/recorded.yaml --out replayed")
        {
            file, speed, output, prefix, force, recording, venue, instruments, strict, topology, quiet,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } loaded)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var request = new ReplayRequest(
                parsed.GetRequiredValue(file),
                parsed.GetValue(speed) ?? Fastest,
                parsed.GetValue(output),
                parsed.GetValue(prefix),
                parsed.GetValue(force),
                parsed.GetValue(venue),
                parsed.GetValue(instruments) ?? [],
                parsed.GetValue(strict),
                parsed.GetValue(recording));
            return RunAsync(context, loaded, request, new StatusTable(context.Terminal, context.Time, QuietOption.Of(parsed, quiet)), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TopologyFile topology, ReplayRequest request, StatusTable table, CancellationToken cancellation)
    {
        if (!TryReadSpeed(request.Speed, out var speed))
        {
            return Refuse(context, $"--speed '{request.Speed}' is neither {Fastest} nor a number from 0.01 to {MostSpeed}");
        }

        if (WhyNotWritten(context, topology, request) is { } reason)
        {
            return Refuse(context, reason);
        }

        using var recording = await OpenAsync(context, topology, request, cancellation);
        using var metrics = new PipelineMetrics();
        var written = topology with { Kafka = topology.Kafka with { TopicPrefix = request.Prefix ?? topology.Kafka.TopicPrefix, Raw = false } };
        var sources = new ReplaySources(recording.Header, written, request.Venue, request.Takes);
        if (sources.Instruments.Count == 0 && !recording.Header.Venues.Any(one => one.TakesEverySymbol))
        {
            return Refuse(context, $"none of the recording's instruments is taken: {string.Join(", ", request.Instruments)}");
        }

        if (request.Folder is { } folder)
        {
            using var files = new FolderSink(Path.GetFullPath(folder, context.WorkingFolder), written.Kafka);
            return await RunAsync(context, recording, sources, written, request, speed, files, metrics, table, cancellation);
        }

        await using var kafka = await KafkaSink.StartAsync(written.Kafka, metrics, context.Time, cancellation: cancellation);
        return await RunAsync(context, recording, sources, written, request, speed, kafka, metrics, table, cancellation);
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        IRecording recording,
        ReplaySources sources,
        TopologyFile topology,
        ReplayRequest request,
        double? speed,
        IMarketSink sink,
        PipelineMetrics metrics,
        StatusTable table,
        CancellationToken cancellation)
    {
        var figures = new ReplayFigures(recording, context.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = table.RunAsync(() => figures.ToView($"pipeline replay {request.File}"), ending.Token);
        try
        {
            await new ReplayRun(recording, sources, figures, topology, sink, metrics).RunAsync(speed, context.Time, cancellation);
        }
        finally
        {
            await ending.CancelAsync();
            await showing;
        }

        table.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"replayed {figures.Frames:N0} frames, {figures.Span:hh\\:mm\\:ss} of recorded time, in {figures.Elapsed.TotalSeconds:F1} s: {figures.Rate:N0} frames/s"));
        if (figures.Unknown > 0)
        {
            context.Terminal.Warn($"{figures.Unknown} frames are of venues that the recording's header does not name");
        }

        if (recording.Damage is not { } damage)
        {
            return ExitCodes.Ok;
        }

        context.Terminal.Warn($"the recording is not complete: {damage}; everything before was replayed");
        return request.IsStrict ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static async Task<IRecording> OpenAsync(
        CommandContext context, TopologyFile topology, ReplayRequest request, CancellationToken cancellation)
    {
        if (request.File == RecordCommand.Kafka)
        {
            return await RawRecording.OpenAsync(topology.Kafka, request.Recording, cancellation);
        }

        var local = Path.GetFullPath(request.File, context.WorkingFolder);
        return Recording.Open(File.Exists(local) ? local : request.File);
    }

    private static bool TryReadSpeed(string text, out double? speed)
    {
        speed = null;
        if (text == Fastest)
        {
            return true;
        }

        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        speed = number;
        return isNumber && number is >= 0.01 and <= MostSpeed;
    }

    private static string? WhyNotWritten(CommandContext context, TopologyFile topology, ReplayRequest request)
    {
        if (request.IsForced)
        {
            return null;
        }

        if (request.Folder is { } folder)
        {
            return HasFiles(Path.GetFullPath(folder, context.WorkingFolder))
                ? $"the folder '{folder}' is not empty; --force writes there all the same"
                : null;
        }

        var live = topology.Kafka.TopicPrefix;
        return (request.Prefix ?? live) == live
            ? $"'{live}' is the live prefix: give --out DIR or --prefix PREFIX, or --force to write there all the same"
            : null;
    }

    private static bool HasFiles(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();

    private static int Refuse(CommandContext context, string reason)
    {
        context.Terminal.Fail(reason);
        return ExitCodes.Invalid;
    }
}
