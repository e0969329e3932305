using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>One supervised process: starts it, knows whether it lives and is ready, starts it again when it dies, stops it.</summary>
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

    /// <summary>Whether it answers; it need not be ready.</summary>
    public bool IsAlive => State is ChildState.Alive or ChildState.Ready;

    /// <summary>Why it is not ready, as far as it is known.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the present state began.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    public int Restarts { get; private set; }

    public int? Pid => _process is { HasExited: false } process ? process.Id : null;

    public string LogPath => _log.Path;

    /// <summary>The last lines of the process, for people.</summary>
    public string LastWords => _log.Tail is { Count: > 0 } tail
        ? $"; the end of {_log.Path}:{string.Concat(tail.Select(line => $"{Environment.NewLine}    {line}"))}"
        : $"; {_log.Path} is empty";

    /// <summary>Called when the state or its reason is another one.</summary>
    public Action? Changed { get; set; }

    /// <summary>Starts the process and waits until it lives. Null when it does; otherwise why not, and then it does not run.</summary>
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

        var why = await WaitUntilAliveAsync(_process!, cancellation);
        if (why is null)
        {
            Enter(spec.Readiness is null ? ChildState.Ready : ChildState.Alive);
            return null;
        }

        await EndAsync(_process!);
        Enter(ChildState.Stopped);
        return why;
    }

    /// <summary>Follows the process until it is ready, and starts it again whenever it ends, until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        var pause = options.RestartDelay;
        while (true)
        {
            var aliveSince = time.GetTimestamp();
            await FollowUntilReadyAsync(_process!, cancellation);
            await _process!.WaitForExitAsync(cancellation);
            await SettleAsync();
            var why = $"{spec.Name} {DescribeEnd(_process)}";
            pause = time.GetElapsedTime(aliveSince) >= options.HealthyAfter ? options.RestartDelay : pause;
            while (why is not null)
            {
                note($"starting {spec.Name} again in {pause.TotalSeconds:0.##} s: {why}{LastWords}", StatusTone.Bad);
                Enter(ChildState.Restarting, why);
                await Task.Delay(pause, time, cancellation);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxRestartDelay.Ticks));
                Restarts++;
                why = await StartAsync(cancellation);
            }

            note($"{spec.Name} runs again{(spec.RestartMeans is { } meaning ? $"; {meaning}" : "")}", StatusTone.Good);
        }
    }

    /// <summary>Asks the process to end and waits. False when it had to be killed.</summary>
    public async Task<bool> StopAsync()
    {
        Enter(ChildState.Stopping);
        var isClean = _process is null || await EndAsync(_process);
        Enter(ChildState.Stopped);
        if (_log.Tail is [.., var last])
        {
            // The last thing a service says is what became of what it held.
            note($"{spec.Name}: {last}", StatusTone.Plain);
        }

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
        (var before, _process) = (_process, process);
        before?.Dispose();
        _pumps = Task.WhenAll(_log.PumpAsync(process.StandardOutput), _log.PumpAsync(process.StandardError));
    }

    private async Task<string?> WaitUntilAliveAsync(Process process, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var why = await AskAsync(spec.Liveness, cancellation);
            if (process.HasExited)
            {
                await SettleAsync();
                return $"{spec.Name} {DescribeEnd(process)} before it answered";
            }

            if (why is null)
            {
                return null;
            }

            if (time.GetElapsedTime(started) > spec.StartTimeout)
            {
                return $"{spec.Name} did not answer within {spec.StartTimeout.TotalSeconds:0} s ({why})";
            }

            Say(why);
            await Task.Delay(options.ProbeInterval, time, cancellation);
        }
    }

    /// <summary>Tells what the process waits for, until it is ready or has ended.</summary>
    private async Task FollowUntilReadyAsync(Process process, CancellationToken cancellation)
    {
        var isTold = false;
        while (spec.Readiness is not null && State == ChildState.Alive && !process.HasExited)
        {
            if (await AskAsync(spec.Readiness, cancellation) is not { } why)
            {
                Enter(ChildState.Ready);
                note($"{spec.Name} is ready", StatusTone.Good);
                return;
            }

            Say(why);
            if (!isTold && time.GetUtcNow() - Since >= options.SlowAfter)
            {
                isTold = true;
                note($"{spec.Name} is not ready after {options.SlowAfter.TotalSeconds:0.##} s: {why}", StatusTone.Warning);
            }

            await Task.Delay(options.ProbeInterval, time, cancellation);
        }
    }

    private async Task<string?> AskAsync(Func<CancellationToken, Task<string?>> probe, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await probe(both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer";
        }
    }

    /// <summary>Never by force at once: a collector hands over what it holds when it is asked to end. False when it was killed.</summary>
    private async Task<bool> EndAsync(Process process)
    {
        var isClean = true;
        if (!process.HasExited)
        {
            UnixProcess.Terminate(process.Id);
            try
            {
                await process.WaitForExitAsync().WaitAsync(spec.StopTimeout, time);
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

    private void Enter(ChildState state, string? reason = null)
    {
        State = state;
        Reason = reason;
        Since = time.GetUtcNow();
        Changed?.Invoke();
    }

    private void Say(string reason)
    {
        if (reason != Reason)
        {
            Reason = reason;
            Changed?.Invoke();
        }
    }
}
