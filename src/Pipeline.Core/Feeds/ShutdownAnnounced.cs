namespace Pipeline.Core.Feeds;

/// <summary>A venue said that it is about to end a connection: another one should be opened at once.</summary>
/// <param name="Words">Its frame, the first 256 bytes of it.</param>
public sealed record ShutdownAnnounced(string Venue, string Connection, string Words) : FeedEvent(Venue, Connection);
