namespace Pipeline.Host.Supervision;

/// <summary>What is started, and how one knows that it runs.</summary>
internal sealed record ChildSpec
{
    public required string Name { get; init; }

    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>
    /// Answers null when the child lives, otherwise why one cannot say so. A child that does not live within
    /// <see cref="StartTimeout"/> is ended.
    /// </summary>
    public required Func<CancellationToken, Task<string?>> Liveness { get; init; }

    /// <summary>
    /// Answers null when the child does its work, otherwise what it waits for; null = it does as soon as it lives. It is told and
    /// nothing else: a child that waits for somebody else is not mended by ending it.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? Readiness { get; init; }

    /// <summary>What a restart of it means for the user, if anything.</summary>
    public string? RestartMeans { get; init; }

    /// <summary>Where it can be reached, for people.</summary>
    public string Address { get; init; } = "";

    public IReadOnlyList<PortClaim> Ports { get; init; } = [];

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to end after SIGTERM before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
