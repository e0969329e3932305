namespace Pipeline.Host.Supervision;

internal sealed record SupervisorOptions
{
    /// <summary>Where the children's logs go.</summary>
    public required string LogFolder { get; init; }

    /// <summary>First pause before a dead child is started again; it doubles up to <see cref="MaxRestartDelay"/>.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxRestartDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A child that lived for this long starts again with the first pause.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A child that lives and is not ready after this long is told of, once.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(15);
}
