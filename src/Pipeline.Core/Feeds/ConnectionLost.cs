namespace Pipeline.Core.Feeds;

/// <summary>A connection ended, or an attempt at it failed.</summary>
public sealed record ConnectionLost(string Venue, string Connection, DisconnectionInfo Info) : FeedEvent(Venue, Connection);
