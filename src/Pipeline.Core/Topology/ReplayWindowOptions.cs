namespace Pipeline.Core.Topology;

/// <summary>The newest records of each partition, kept so that a client that comes back misses nothing.</summary>
public sealed record ReplayWindowOptions
{
    /// <summary>Older records leave it. Default 60 s.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Records of one partition of one topic at most. Default 10,000.</summary>
    public int Records { get; init; } = 10_000;
}
