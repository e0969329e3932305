namespace Pipeline.Core.Feeds.Pooling;

/// <summary>A stream that subscribers share.</summary>
/// <param name="order">Rises with each stream.</param>
internal sealed class PooledStream(string name, string route, int rank, long order, long createdAt)
{
    public string Name => name;

    public string Route => route;

    /// <summary>Importance: lower is placed and asked for first.</summary>
    public int Rank => rank;

    public long Order => order;

    /// <summary>Where it is; null while it waits for a place.</summary>
    public PoolSlot? Slot { get; set; }

    public int Subscribers { get; set; }

    /// <summary>There was no room for it, and that was told.</summary>
    public bool IsUnplaced { get; set; }

    /// <summary>When it is let go, while it has no subscribers; time since any fixed instant.</summary>
    public TimeSpan LetGoAt { get; set; }

    /// <summary>The catalog knows it only because somebody subscribed to it.</summary>
    public bool IsCatalogued { get; set; }

    /// <summary>Market-clock time, microseconds.</summary>
    public long LastUsed { get; set; }

    public StreamStatistics Statistics => new(name, Slot?.Connection.Name, Subscribers, createdAt, LastUsed);
}
