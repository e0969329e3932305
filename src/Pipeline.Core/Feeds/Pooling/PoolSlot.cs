namespace Pipeline.Core.Feeds.Pooling;

/// <summary>A connection of a pool as the pool sees it.</summary>
/// <param name="number">Its number among those of its route; free again when it is closed.</param>
internal sealed class PoolSlot(IPooledConnection connection, int number, long createdAt)
{
    public IPooledConnection Connection => connection;

    public int Number => number;

    public string Route => connection.Route;

    /// <summary>Sockets side by side that carry its streams.</summary>
    public int Legs => connection.Legs;

    /// <summary>Streams put on it.</summary>
    public int Count { get; set; }

    /// <summary>It will not be opened again.</summary>
    public bool IsGivenUp { get; set; }

    public bool IsHealthy => !IsGivenUp && connection.IsHealthy;

    /// <summary>Market-clock time, microseconds.</summary>
    public long LastUsed { get; set; } = createdAt;

    public ConnectionStatistics Statistics => connection.Statistics with { IsHealthy = IsHealthy, LastUsed = LastUsed };
}
