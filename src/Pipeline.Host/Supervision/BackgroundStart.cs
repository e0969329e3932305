using System.Diagnostics;
using Pipeline.Host.Cli;

namespace Pipeline.Host.Supervision;

/// <summary><c>up --detach</c>: starts <c>up</c> in the background and waits until it is ready or has failed.</summary>
internal sealed class BackgroundStart(CommandContext context, RunFolder folder, Executable executable)
{
    /// <summary>Tells the started process that it is the one in the background.</summary>
    public const string Option = "--background";

    private const int TailLines = 30;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    public async Task<int> RunAsync(string topology, CancellationToken cancellation)
    {
        if (folder.IsRunning())
        {
            context.Terminal.Fail(StackSummary.AlreadyRuns(folder));
            return ExitCodes.Failed;
        }

        using var process = Process.Start(MakeStart(topology))!;
        try
        {
            while (!process.HasExited)
            {
                if (folder.Read() is { State: "ready" } record && record.Pid == process.Id)
                {
                    context.Terminal.Out.Write(StackSummary.Describe(record));
                    return ExitCodes.Ok;
                }

                await Task.Delay(LookInterval, context.Time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            UnixProcess.Terminate(process.Id);
            throw;
        }

        context.Terminal.Fail($"it did not start; the end of {folder.LogPath}:");
        foreach (var line in File.ReadLines(folder.LogPath).TakeLast(TailLines))
        {
            context.Terminal.Error.WriteLine($"    {line}");
        }

        return ExitCodes.Failed;
    }

    // The shell only puts files in the place of the streams: when this process ends, pipes of it would break and its caller's stay open.
    private ProcessStartInfo MakeStart(string topology)
    {
        string[] command = [executable.FileName, .. executable.Prefix, "up", "--topology", topology, Option];
        return new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", folder.LogPath, .. command])
        {
            WorkingDirectory = context.WorkingFolder,
        };
    }
}
