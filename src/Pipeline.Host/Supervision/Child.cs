using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>One supervised process: starts it, knows when it is ready, starts it again when it dies, stops it.</summary>
internal sealed class Child(ChildSpec spec, SupervisorOptions options, Action<string, StatusTone> note, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PumpTimeout = TimeSpan.FromSeconds(1);

    private readonly ChildLog _log = new(
        Path.Combine(options.LogFolder, $"{spec.Name}.log"), trouble => note(trouble, StatusTone.Warning));

    private Process? _process;
    private Task _pumps = Task.CompletedTask;

    public ChildSpec Spec => spec;

    public ChildState State { get; private set; }

    /// <summary>When the present state began.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    public int Restarts { get; private set; }

    public int? Pid => _process is { HasExited: false } process ? process.Id : null;

    public string LogPath => _log.Path;

    /// <summary>Called when the process is ready again after a restart.</summary>
    public Action? Restarted { get; set; }

    /// <summary>
    /// Starts the process and waits until it is ready. Null when it is; otherwise why it is not, and then it does not run.
    /// </summary>
    public async Task<string?> StartAsync(CancellationToken cancellation)
    {
        Enter(ChildState.Starting);
        _log.ForgetTail();
        try
        {
            Launch();
        }
        catch (Win32Exception fault)
        {
            Enter(ChildState.Stopped);
            return $"{spec.Name} cannot be started: {fault.Message}";
        }

        var why = await WaitUntilReadyAsync(_process!, cancellation);
        if (why is null)
        {
            Enter(ChildState.Ready);
            return null;
        }

        await EndAsync(_process!, TimeSpan.Zero);
        Enter(ChildState.Stopped);
        return why + DescribeTail();
    }

    /// <summary>Starts the process again whenever it ends, until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        var pause = options.RestartDelay;
        while (true)
        {
            var why = await WaitUntilEndedAsync(cancellation);
            pause = time.GetUtcNow() - Since >= options.HealthyAfter ? options.RestartDelay : pause;
            while (why is not null)
            {
                note($"starting {spec.Name} again in {pause.TotalSeconds:0.##} s: {why}", StatusTone.Bad);
                Enter(ChildState.Restarting);
                await Task.Delay(pause, time, cancellation);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxRestartDelay.Ticks));
                Restarts++;
                why = await StartAsync(cancellation);
            }

            note($"{spec.Name} is ready again", StatusTone.Good);
            Restarted?.Invoke();
        }
    }

    /// <summary>Asks the process to end and waits. False when it had to be killed.</summary>
    public async Task<bool> StopAsync()
    {
        Enter(ChildState.Stopping);
        var isClean = _process is null || await EndAsync(_process, spec.StopTimeout);
        Enter(ChildState.Stopped);
        return isClean;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _log.Dispose();
    }

    private static string DescribeEnd(Process process) =>
        process.ExitCode > 128 ? $"was ended by signal {process.ExitCode - 128}" : $"ended with code {process.ExitCode}";

    private void Launch()
    {
        var start = new ProcessStartInfo(spec.FileName, spec.Arguments)
        {
            // Held open and never written: its end tells the child that this process has died.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ProcessSignals.SupervisedVariable] = "1";
        var process = Process.Start(start)!;
        _process?.Dispose();
        _process = process;
        _pumps = Task.WhenAll(_log.PumpAsync(process.StandardOutput), _log.PumpAsync(process.StandardError));
    }

    private async Task<string?> WaitUntilEndedAsync(CancellationToken cancellation)
    {
        await _process!.WaitForExitAsync(cancellation);
        await SettleAsync();
        return $"{spec.Name} {DescribeEnd(_process)}{DescribeTail()}";
    }

    private async Task<string?> WaitUntilReadyAsync(Process process, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var why = await ProbeAsync(cancellation);
            if (process.HasExited)
            {
                await SettleAsync();
                return $"{spec.Name} {DescribeEnd(process)} before it was ready";
            }

            if (why is null)
            {
                return null;
            }

            if (time.GetElapsedTime(started) > spec.StartTimeout)
            {
                return $"{spec.Name} was not ready after {spec.StartTimeout.TotalSeconds:0} s ({why})";
            }

            await Task.Delay(options.ProbeInterval, time, cancellation);
        }
    }

    private async Task<string?> ProbeAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await spec.Probe(both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer";
        }
    }

    private async Task<bool> EndAsync(Process process, TimeSpan patience)
    {
        var isClean = true;
        if (!process.HasExited)
        {
            UnixProcess.Terminate(process.Id);
            try
            {
                await process.WaitForExitAsync().WaitAsync(patience, time);
            }
            catch (TimeoutException)
            {
                isClean = false;
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }

        await SettleAsync();
        return isClean;
    }

    /// <summary>Waits for the last lines; not for ever, since a grandchild may hold the pipe.</summary>
    private async Task SettleAsync() => await Task.WhenAny(_pumps, Task.Delay(PumpTimeout, time));

    private string DescribeTail() => _log.Tail is { Count: > 0 } tail
        ? $"; the end of {_log.Path}:{string.Concat(tail.Select(line => $"{Environment.NewLine}    {line}"))}"
        : $"; {_log.Path} is empty";

    private void Enter(ChildState state)
    {
        State = state;
        Since = time.GetUtcNow();
    }
}
