using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>One filter of one client. Only for the hub's thread.</summary>
/// <param name="Exchanges">As the client calls them; for names that are not known yet.</param>
/// <param name="Unknown">Names, and patterns, that may stand for instruments yet to come.</param>
internal sealed record Subscription(
    Subscriber Owner, string Id, StreamFilter Filter, IReadOnlyList<string> Exchanges, List<string> Unknown)
{
    /// <summary>Given up.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Streams that it takes and the client could not have because of its limit; null = none.</summary>
    public HashSet<MarketStream>? Missed { get; set; }

    /// <summary>Waits to have its unknown names looked up again.</summary>
    public bool IsQueued { get; set; }
}
