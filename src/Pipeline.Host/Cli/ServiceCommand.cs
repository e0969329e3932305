using Pipeline.Core.Topology;
using Pipeline.Host.Status;

namespace Pipeline.Host.Cli;

/// <summary>A command that runs one service of a topology until it is stopped, and shows how it fares.</summary>
internal static class ServiceCommand
{
    public static PipelineCommand Make(
        CommandContext context,
        string name,
        string description,
        string[] examples,
        Func<TopologyFile, StatusTable, CancellationToken, Task<int>> run)
    {
        var topology = TopologyOption.Make();
        var quiet = new System.CommandLine.Option<bool>("--quiet", "-q") { Description = "Say only what goes wrong" };
        var command = new PipelineCommand(name, description, examples) { topology, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            return run(file, new StatusTable(context.Terminal, context.Time, QuietOption.Of(parsed, quiet), file.Log.Format), cancellation);
        });
        return command;
    }
}
