namespace Pipeline.Core.Feeds;

/// <summary>How subscriptions are spread and paced; null = the venue's own limit.</summary>
public sealed record PoolOptions
{
    /// <summary>Most streams on one connection. Default: the venue's limit.</summary>
    public int? MaxStreamsPerConnection { get; init; }

    /// <summary>Most requests in any second on one connection. Default: the venue's limit.</summary>
    public int? MaxMessagesPerSecond { get; init; }

    /// <summary>Most subscriptions collected before a batch is cut. Default 500.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Longest time subscriptions are collected. Default 100 ms.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
