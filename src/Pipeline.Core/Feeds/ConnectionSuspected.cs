namespace Pipeline.Core.Feeds;

/// <summary>A connection may be mute; a replacement is opened.</summary>
/// <param name="Reason">What speaks for it.</param>
public sealed record ConnectionSuspected(string Venue, string Connection, string Reason) : FeedEvent(Venue, Connection);
