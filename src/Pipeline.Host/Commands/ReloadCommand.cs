using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline reload</c>: the running collector reads its topology again.</summary>
internal static class ReloadCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var command = new PipelineCommand(
            "reload",
            "Make the running collector read its topology again, and say what changed. It does so by itself when the file changes.",
            "pipeline reload",
            "pipeline reload --topology topology/live.yaml")
        {
            topology,
        };
        command.SetAction((parsed, cancellation) => RunAsync(context, parsed.GetValue(topology), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? topology, CancellationToken cancellation)
    {
        if (TopologyOption.Load(context, topology) is not { } file)
        {
            return ExitCodes.Invalid;
        }

        if (await CollectorCall.PostAsync(context, file, "/reload", cancellation) is not var (_, body))
        {
            return ExitCodes.Failed;
        }

        var summary = (string?)body["summary"] ?? (string?)body["error"] ?? body.ToJsonString();
        if (body["applied"] is JsonValue applied && applied.GetValue<bool>() && body["problems"] is JsonArray { Count: 0 })
        {
            context.Terminal.Out.WriteLine(summary);
            return ExitCodes.Ok;
        }

        context.Terminal.Fail(summary);
        return ExitCodes.Failed;
    }
}
