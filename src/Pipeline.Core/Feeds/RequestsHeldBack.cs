namespace Pipeline.Core.Feeds;

/// <summary>Requests of a connection wait: the venue's number of them in an hour is used up, or it asked for a pause.</summary>
/// <param name="Wait">How long.</param>
public sealed record RequestsHeldBack(string Venue, string Connection, TimeSpan Wait) : FeedEvent(Venue, Connection);
