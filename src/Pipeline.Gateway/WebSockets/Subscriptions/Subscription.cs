using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>One filter of one client. Only for the hub's thread. No record: what it is like changes while it lies in sets.</summary>
/// <param name="exchanges">As the client calls them; for names that are not known yet.</param>
/// <param name="unknown">Names, and patterns, that may stand for instruments yet to come.</param>
internal sealed class Subscription(Subscriber owner, string id, StreamFilter filter, IReadOnlyList<string> exchanges, List<string> unknown)
{
    public Subscriber Owner => owner;

    public string Id => id;

    public StreamFilter Filter => filter;

    public IReadOnlyList<string> Exchanges => exchanges;

    public List<string> Unknown => unknown;

    /// <summary>Given up.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Streams that it takes and the client could not have because of its limit; null = none.</summary>
    public HashSet<MarketStream>? Missed { get; set; }

    /// <summary>Waits to have its unknown names looked up again.</summary>
    public bool IsQueued { get; set; }
}
