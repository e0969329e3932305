using Pipeline.Core.Topology;
using Pipeline.Host.Status;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Cli;

/// <summary>What every command is given: the outside world, so that a test can give another one.</summary>
internal sealed record CommandContext
{
    public required Terminal Terminal { get; init; }

    public required string WorkingFolder { get; init; }

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IReadOnlyList<KnownVenue> Venues { get; init; } = KnownVenues.All;

    /// <summary>Runs an action at each SIGHUP from now on, which ends the process otherwise; disposing of the answer ends that.</summary>
    public Func<Action, IDisposable> TakeHangups { get; init; } = _ => System.Reactive.Disposables.Disposable.Empty;

    public static CommandContext OfProcess() => new() { Terminal = Terminal.OfProcess(), WorkingFolder = Directory.GetCurrentDirectory() };
}
