using System.CommandLine;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline up</c>: the whole local stack as child processes.</summary>
internal static class UpCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var detach = new Option<bool>("--detach", "-d") { Description = "Return when all is ready, or with a warning after 60 s; 'pipeline down' ends it" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say only what goes wrong" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line: what runs, what happens, all figures every 10 s" };
        var background = new Option<bool>(BackgroundStart.Option) { Hidden = true };
        var command = new PipelineCommand(
            "up",
            "Start what the topology needs on this machine (broker, simulator, collector, gateway), keep it running, stop it in order on Ctrl-C.",
            "pipeline up",
            "pipeline up --topology topology/recorded.yaml",
            "pipeline up --detach && pipeline down",
            "pipeline up --json | jq 'select(.event == \"status\") | .gateway.connections'")
        {
            topology,
            detach,
            quiet,
            json,
            background,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && (result.GetValue(quiet) || result.GetValue(detach)))
            {
                result.AddError("--json goes with neither --quiet nor --detach.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return ExitCodes.Invalid;
            }

            var folder = new RunFolder(TopologyFinder.FindRunFolder(context.WorkingFolder));
            if (parsed.GetValue(detach))
            {
                return await new BackgroundStart(context, folder, Executable.OfProcess()).RunAsync(file.Path, cancellation);
            }

            if (parsed.GetValue(background))
            {
                UnixProcess.LeaveTerminal();
            }

            var way = parsed.GetValue(json) ? StatusOutput.Json : QuietOption.Of(parsed, quiet);
            var table = new StatusTable(context.Terminal, context.Time, way);
            return await new StackRunner(context, folder, Executable.OfProcess(), table).RunAsync(file, cancellation);
        });
        return command;
    }
}
