namespace Pipeline.Core.Feeds;

/// <summary>A connection has data again after its socket was replaced.</summary>
/// <param name="Outage">Time without data, as far as that is known.</param>
/// <param name="Reason">Why the socket was replaced.</param>
public sealed record ConnectionRecovered(string Venue, string Connection, TimeSpan Outage, ReconnectionReason Reason)
    : FeedEvent(Venue, Connection);
