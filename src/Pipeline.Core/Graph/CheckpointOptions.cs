namespace Pipeline.Core.Graph;

/// <summary>When the stations say how far their instruments have come.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Time between two checkpoints, by the market clock. Default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Trades of a lane, and so of any of its partitions, after which one comes sooner. Default 50,000.</summary>
    public int Trades { get; init; } = 50_000;

    /// <summary>
    /// Bytes that a partition of the state topic has been given so far; null = the topic is compacted and keeps the newest of each key by
    /// itself.
    /// </summary>
    public Func<int, long>? StateBytes { get; init; }

    /// <summary>Where <see cref="StateBytes"/> is given: after so many bytes all instruments are written again. Default 1.5 MiB.</summary>
    public long RewriteBytes { get; init; } = 3 * 512 * 1024;
}
