using System.CommandLine;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline down</c>: ends a <c>pipeline up</c> that runs detached or in another terminal.</summary>
internal static class DownCommand
{
    // The collector's drain, the others' ends, and some room.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandContext context)
    {
        var command = new PipelineCommand(
            "down",
            "End a 'pipeline up' that runs detached or in another terminal, and wait until all of it has stopped.",
            "pipeline up --detach",
            "pipeline down");
        command.SetAction((_, cancellation) =>
            RunAsync(context, new RunFolder(TopologyFinder.FindRunFolder(context.WorkingFolder)), cancellation));
        return command;
    }

    internal static async Task<int> RunAsync(CommandContext context, RunFolder folder, CancellationToken cancellation)
    {
        if (!folder.IsRunning())
        {
            folder.Clear();
            context.Terminal.Out.WriteLine($"Nothing runs here ({folder.Path}).");
            return ExitCodes.Ok;
        }

        if (folder.ReadPid() is not { } pid || !UnixProcess.Terminate(pid))
        {
            context.Terminal.Fail($"a 'pipeline up' holds {folder.Path}/up.lock, but it cannot be signalled: is it another user's?");
            return ExitCodes.Failed;
        }

        context.Terminal.Out.WriteLine($"Stopping process {pid} …");
        var started = context.Time.GetTimestamp();
        while (folder.IsRunning())
        {
            if (context.Time.GetElapsedTime(started) > Patience)
            {
                var advice = $"see the logs in {folder.Path}, or run 'kill -9 {pid}'";
                context.Terminal.Fail($"process {pid} still stops after {Patience.TotalSeconds:0} s: {advice}");
                return ExitCodes.Failed;
            }

            await Task.Delay(LookInterval, context.Time, cancellation);
        }

        context.Terminal.Out.WriteLine("Stopped.");
        return ExitCodes.Ok;
    }
}
