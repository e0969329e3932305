using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>A client's place in one stream, however many of its filters take it. Only for the hub's thread.</summary>
internal sealed class Membership(Subscriber owner, MarketStream stream)
{
    /// <summary>Has to get the snapshot first.</summary>
    public const long FromSnapshot = long.MinValue;

    public Subscriber Owner => owner;

    public MarketStream Stream => stream;

    /// <summary>Filters that take the stream.</summary>
    public int Filters { get; set; }

    /// <summary>Those among them that want minor records too.</summary>
    public int MinorFilters { get; set; }

    /// <summary>In the room: gets what comes.</summary>
    public bool IsIn { get; set; }

    /// <summary>Waits to be let in.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The client is ahead of this gateway: it waits until the log has been read to there.</summary>
    public bool IsAhead { get; set; }

    /// <summary>Where it waits then.</summary>
    public (TopicKind Topic, int Partition) AheadOf { get; set; }

    /// <summary>What it has: replay what comes after.</summary>
    public long Cursor { get; set; } = FromSnapshot;

    /// <summary>In the room of those who get minor records.</summary>
    public bool IsMinor { get; set; }
}
