namespace Pipeline.Core.Feeds.Pooling;

/// <summary>A stream that subscribers share.</summary>
/// <param name="order">Rises with each stream.</param>
internal sealed class PooledStream(string name, string route, int rank, long order, long createdAt)
{
    public string Name => name;

    public string Route => route;

    /// <summary>Sockets side by side that shall carry it.</summary>
    public int Legs { get; set; }

    /// <summary>Importance: lower is placed and asked for first.</summary>
    public int Rank => rank;

    public long Order => order;

    /// <summary>Where it is; null while it waits for a place.</summary>
    public PoolSlot? Slot { get; set; }

    /// <summary>Where it was before, and is until its new place carries it; null while it does not move.</summary>
    public PoolSlot? Old { get; set; }

    /// <summary>When it leaves its old place, once the new one is confirmed; time since any fixed instant.</summary>
    public TimeSpan? LeaveAt { get; set; }

    /// <summary>Whether it is where it shall be, or on its way there.</summary>
    public bool IsPlaced => Slot is not null && (Slot.Legs == Legs || Old is not null);

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
