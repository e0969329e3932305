namespace Pipeline.Core.Feeds;

/// <summary>A connection was suspected and is kept.</summary>
/// <param name="Reason">What spoke for it.</param>
public sealed record ConnectionCleared(string Venue, string Connection, string Reason) : FeedEvent(Venue, Connection);
