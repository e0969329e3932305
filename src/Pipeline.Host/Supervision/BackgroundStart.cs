using System.Diagnostics;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>
/// <c>up --detach</c>: starts <c>up</c> in the background and waits until it is ready or has failed, or has run for
/// <see cref="Patience"/> without being ready. That is for a person to judge: it goes on.
/// </summary>
internal sealed class BackgroundStart(CommandContext context, RunFolder folder, Executable executable)
{
    /// <summary>Tells the started process that it is the one in the background.</summary>
    public const string Option = "--background";

    /// <summary>How long a stack of which every part was started may take to be ready.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
            if (await WaitAsync(process, cancellation) is { } record)
            {
                return Tell(record);
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

    /// <summary>Answers what runs once it is ready or the patience is over; null when the process has ended.</summary>
    private async Task<RunRecord?> WaitAsync(Process process, CancellationToken cancellation)
    {
        long? runningSince = null;
        while (!process.HasExited)
        {
            if (folder.Read() is { State: not RunRecord.Starting } record && record.Pid == process.Id)
            {
                runningSince ??= context.Time.GetTimestamp();
                if (record.State == RunRecord.Ready || context.Time.GetElapsedTime(runningSince.Value) >= Patience)
                {
                    return record;
                }
            }

            await Task.Delay(LookInterval, context.Time, cancellation);
        }

        return null;
    }

    private int Tell(RunRecord record)
    {
        context.Terminal.Out.Write(StackSummary.Describe(record));
        if (record.State == RunRecord.Ready)
        {
            return ExitCodes.Ok;
        }

        foreach (var line in StackSummary.DescribeNotReady(record))
        {
            context.Terminal.Warn(line);
        }

        if (record.Children.All(child => child.IsAlive))
        {
            context.Terminal.Warn($"not all is ready after {Patience.TotalSeconds:0} s; it goes on in the background");
            return ExitCodes.Ok;
        }

        context.Terminal.Fail($"not all of it runs after {Patience.TotalSeconds:0} s; it goes on in the background, 'pipeline down' ends it");
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
