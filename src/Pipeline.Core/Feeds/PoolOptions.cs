namespace Pipeline.Core.Feeds;

/// <summary>How subscriptions are spread and paced; null = the venue's own limit.</summary>
public sealed record PoolOptions
{
    /// <summary>Most streams on one connection. Default: the venue's limit.</summary>
    public int? MaxStreamsPerConnection { get; init; }

    /// <summary>Most connections; twins of a rotation come on top. Default: the venue's limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>How long a stream that nobody wants any more is kept, in case somebody wants it again. Default 30 s.</summary>
    public TimeSpan CleanupPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most requests in any second on one connection. Default: the venue's limit.</summary>
    public int? MaxMessagesPerSecond { get; init; }

    /// <summary>Most subscriptions collected before a batch is cut. Default 500.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Longest time subscriptions are collected. Default 100 ms.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
