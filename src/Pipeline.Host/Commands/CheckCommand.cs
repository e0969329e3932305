using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline check</c>: reads a topology without running it.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(CommandContext context)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Topology file; --topology means the same",
            Arity = ArgumentArity.ZeroOrOne,
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
            {
                result.AddError($"Unknown option '{result.Tokens[0].Value}'.");
            }
        });
        var topology = TopologyOption.Make();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON" };
        var command = new PipelineCommand(
            "check",
            "Read a topology, name everything that is wrong with it, and say what it would run.",
            "pipeline check",
            "pipeline check topology/live.yaml",
            "pipeline check --json topology/live.yaml")
        {
            file,
            topology,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(file) is { Tokens.Count: > 0 } && result.GetResult(topology) is { Tokens.Count: > 0 })
            {
                result.AddError("FILE and --topology mean the same: give one of them.");
            }
        });
        command.SetAction(parsed => Run(context, parsed.GetValue(file) ?? parsed.GetValue(topology), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CommandContext context, string? name, bool isJson)
    {
        var result = TopologyOption.Read(context, name);
        var summary = result.File is null ? null : TopologySummary.Of(result.File);
        if (isJson)
        {
            var answer = new { valid = summary is not null, summary, errors = result.Errors };
            context.Terminal.Out.WriteLine(JsonSerializer.Serialize(answer, Layout));
        }
        else if (summary is not null)
        {
            summary.Print(context.Terminal.Out);
        }
        else
        {
            TopologyOption.PrintErrors(context.Terminal, result.Errors);
        }

        return summary is null ? ExitCodes.Invalid : ExitCodes.Ok;
    }
}
