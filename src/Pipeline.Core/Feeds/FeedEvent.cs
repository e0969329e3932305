namespace Pipeline.Core.Feeds;

/// <summary>A change of state of a venue's feed, for logs and the status table.</summary>
/// <param name="Venue">Venue name.</param>
/// <param name="Connection">Name of the connection.</param>
public abstract record FeedEvent(string Venue, string Connection)
{
    /// <summary>Name of the leg it happened to, such as <c>binance-1a</c>; null where the connection has but one.</summary>
    public string? Leg { get; init; }

    /// <summary>
    /// Whether it happened to a socket that is not in use: a replacement that has not taken over, or one that was replaced. The
    /// connection is as open, and as lost, as before.
    /// </summary>
    public bool IsAside { get; init; }
}
