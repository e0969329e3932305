using System.Reactive.Disposables;
using System.Runtime.InteropServices;

namespace Pipeline.Host.Cli;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP into cancellation; the second one ends the process at once. SIGHUP may be taken for something else by
/// a process that has no terminal to lose. A process that <c>pipeline up</c>
/// supervises leaves SIGINT to its parent, which stops its children in flow order, and ends when the parent is gone.
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    /// <summary>Set by <c>pipeline up</c> for its children, whose standard input it holds open for as long as it lives.</summary>
    public const string SupervisedVariable = "PIPELINE_SUPERVISED";

    // Wrappers such as timeout and dotnet run deliver one Ctrl-C twice, to the process and to its group.
    private static readonly TimeSpan EchoTime = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _gate = new();
    private readonly bool _isSupervised;
    private readonly Action<int> _exit;
    private readonly TimeProvider _time;
    private Action? _hangup;
    private long? _first;

    public ProcessSignals(bool isSupervised, Action<int> exit, TimeProvider time)
    {
        _isSupervised = isSupervised;
        _exit = exit;
        _time = time;
    }

    /// <summary>True when a person started it at a terminal: SIGHUP says then that this is gone.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stopping => _stop.Token;

    public static ProcessSignals Install()
    {
        var isSupervised = Environment.GetEnvironmentVariable(SupervisedVariable) == "1";
        var signals = new ProcessSignals(isSupervised, Environment.Exit, TimeProvider.System) { HasTerminal = !Console.IsInputRedirected };
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            signals._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                signals.Handle(signal);
            }));
        }

        if (signals._isSupervised)
        {
            _ = signals.WatchParentAsync(Console.OpenStandardInput());
        }

        return signals;
    }

    /// <summary>Runs an action at each SIGHUP, until the answer is disposed of; at a terminal SIGHUP goes on ending the process.</summary>
    public IDisposable TakeHangups(Action action)
    {
        if (HasTerminal)
        {
            return Disposable.Empty;
        }

        Volatile.Write(ref _hangup, action);
        return Disposable.Create(() => Volatile.Write(ref _hangup, null));
    }

    public void Handle(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGHUP && Volatile.Read(ref _hangup) is { } hangup)
        {
            hangup();
            return;
        }

        if (_isSupervised && signal == PosixSignal.SIGINT)
        {
            return;
        }

        lock (_gate)
        {
            if (_first is not { } first)
            {
                _first = _time.GetTimestamp();
            }
            else
            {
                if (_time.GetElapsedTime(first) > EchoTime)
                {
                    _exit(ExitCodes.Interrupted);
                }

                return;
            }
        }

        _stop.Cancel();
    }

    /// <summary>Ends when the input does: that is how a process learns that its parent has died, however it died.</summary>
    public async Task WatchParentAsync(Stream input)
    {
        var buffer = new byte[64];
        try
        {
            while (await input.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // An input that breaks says the same as one that ends.
        }

        Handle(PosixSignal.SIGTERM);
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }
}
