using System.CommandLine;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Doctor;
using Pipeline.Host.Doctor.Machine;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline doctor</c>: tries everything that a topology needs, and says what is wrong and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
        var command = new PipelineCommand(
            "doctor",
            "Try what the topology needs (names, TLS, proxies, clock, what venues ack and deliver, Kafka, ports, disk, limits); say what is "
            + "wrong and what to do. Changes nothing, takes at most 15 s.",
            "pipeline doctor",
            "pipeline doctor --topology topology/live.yaml",
            "pipeline doctor --json | jq '.checks[] | select(.verdict != \"ok\")'")
        {
            topology,
            json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (FileLimitCheck.FindHopeless(FileLimitCheck.LimitsPath) is { } hopeless)
            {
                return Task.FromResult(Tell(context, parsed.GetValue(topology) ?? TopologyFinder.Default, parsed.GetValue(json), hopeless));
            }

            return TopologyOption.Load(context, parsed.GetValue(topology)) is { } file
                ? RunAsync(context, file, parsed.GetValue(json), cancellation)
                : Task.FromResult(ExitCodes.Invalid);
        });
        return command;
    }

    private static int Tell(CommandContext context, string topology, bool isJson, CheckResult only)
    {
        context.Terminal.Out.WriteLine(isJson ? DoctorReport.ToJson(topology, [only], only.Took) : DoctorReport.ToLine(only, only.Name.Length));
        return ExitCodes.Failed;
    }

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, bool isJson, CancellationToken cancellation)
    {
        var start = context.Time.GetTimestamp();
        using var plan = new DoctorPlan(file, context);
        var results = isJson
            ? await new DoctorRun(plan.Checks, context.Time).RunAsync(cancellation)
            : await new DoctorScreen(context.Terminal, plan.Checks).RunAsync(context.Time, cancellation);
        var took = context.Time.GetElapsedTime(start);
        context.Terminal.Out.WriteLine(isJson ? DoctorReport.ToJson(file.Path, results, took) : DoctorReport.Summary(results, took));
        return DoctorReport.IsFailed(results) ? ExitCodes.Failed : ExitCodes.Ok;
    }
}
