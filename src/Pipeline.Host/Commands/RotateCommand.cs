using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline rotate</c>: replaces connections of the running collector, make before break.</summary>
internal static class RotateCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var venue = new Option<string>("--venue") { Description = "Venue, such as binance [default: all]", HelpName = "NAME" };
        var connection = new Option<string>("--connection", "-c") { Description = "Connection, such as binance-1 [default: all]", HelpName = "NAME" };
        var wait = new Option<bool>("--wait", "-w") { Description = "Wait until the old sockets are closed, and say what became of each" };
        var command = new PipelineCommand(
            "rotate",
            "Replace connections of the running collector by new ones without losing data: the new one takes over before the old one closes.",
            "pipeline rotate",
            "pipeline rotate --venue binance --wait",
            "pipeline rotate --connection binance-1 --wait")
        {
            venue,
            connection,
            wait,
            topology,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            context, parsed.GetValue(topology), parsed.GetValue(venue), parsed.GetValue(connection), parsed.GetValue(wait), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string? topology, string? venue, string? connection, bool wait, CancellationToken cancellation)
    {
        if (TopologyOption.Load(context, topology) is not { } file)
        {
            return ExitCodes.Invalid;
        }

        List<string> query =
        [
            .. venue is null ? Array.Empty<string>() : [$"venue={Uri.EscapeDataString(venue)}"],
            .. connection is null ? Array.Empty<string>() : [$"connection={Uri.EscapeDataString(connection)}"],
            .. wait ? ["wait=true"] : Array.Empty<string>(),
        ];
        var path = query.Count == 0 ? "/rotate" : $"/rotate?{string.Join('&', query)}";
        if (await CollectorCall.PostAsync(context, file, path, cancellation) is not var (status, body))
        {
            return ExitCodes.Failed;
        }

        return status is HttpStatusCode.OK or HttpStatusCode.Accepted ? Tell(context, body) : Refuse(context, body);
    }

    private static int Tell(CommandContext context, JsonObject body)
    {
        var output = context.Terminal.Out;
        if (body["outcomes"] is not JsonArray outcomes)
        {
            var names = body["connections"]!.AsArray().Select(name => (string)name!).ToList();
            output.WriteLine(names.Count == 0 ? "There are no connections." : $"Being replaced: {string.Join(", ", names)}");
            return ExitCodes.Ok;
        }

        var failed = 0;
        foreach (var outcome in outcomes.Select(one => one!.AsObject()))
        {
            var isDone = (bool)outcome["done"]!;
            var unproven = (int)outcome["unproven"]!;
            var milliseconds = ((double)outcome["tookMs"]!).ToString("F0", CultureInfo.InvariantCulture);
            var what = isDone ? $"replaced in {milliseconds} ms" : $"kept after {milliseconds} ms: {(string?)outcome["reason"]}";
            output.WriteLine($"{(string)outcome["connection"]!}  {what}{(unproven > 0 ? $", {unproven} streams were quiet all the time" : "")}");
            failed += isDone ? 0 : 1;
        }

        return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static int Refuse(CommandContext context, JsonObject body)
    {
        var known = (body["venues"] ?? body["connections"]) is JsonArray names
            ? $"; there are {string.Join(", ", names.Select(name => (string)name!))}"
            : "";
        context.Terminal.Fail($"{(string?)body["error"] ?? body.ToJsonString()}{known}");
        return ExitCodes.Failed;
    }
}
