using System.CommandLine;
using Pipeline.Core.Topology;
using Pipeline.Host.Status;

namespace Pipeline.Host.Cli;

/// <summary>The option <c>--topology</c> of every command that needs one, and the reading behind it.</summary>
internal static class TopologyOption
{
    /// <summary>Environment variable with the file of commands that are given none.</summary>
    public const string Variable = "PIPELINE_TOPOLOGY";

    public static Option<string> Make() => new("--topology", "-t")
    {
        Description = $"Topology file [default: {Variable}, else {TopologyFinder.Default}, here, in a folder above or beside the program]",
        HelpName = "FILE",
    };

    /// <summary>Reads the topology, or prints what is wrong with it: then the command ends with <see cref="ExitCodes.Invalid"/>.</summary>
    public static TopologyFile? Load(CommandContext context, string? name)
    {
        var result = Read(context, name);
        if (result.File is null)
        {
            PrintErrors(context.Terminal, result.Errors);
        }

        return result.File;
    }

    public static TopologyResult Read(CommandContext context, string? name)
    {
        var fallback = context.Environment(Variable) is { Length: > 0 } named ? named : TopologyFinder.Default;
        var path = TopologyFinder.Find(name ?? fallback, context.WorkingFolder);
        var result = new TopologyReader(context.Venues, context.Environment).ReadFile(Path.GetFullPath(path, context.WorkingFolder));
        return result.File is null
            ? result with { Errors = [.. result.Errors.Select(error => error with { File = path })] }
            : result with { File = result.File with { Path = path } };
    }

    public static void PrintErrors(Terminal terminal, IReadOnlyList<TopologyError> errors)
    {
        foreach (var error in errors)
        {
            terminal.Error.WriteLine(error);
        }

        var count = errors.Count == 1 ? "one error" : $"{errors.Count} errors";
        terminal.Fail($"{count} in the topology");
    }
}
