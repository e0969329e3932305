namespace Pipeline.Core.Feeds;

/// <summary>A connection is open; its streams are about to be asked for.</summary>
public sealed record ConnectionOpened(string Venue, string Connection, ReconnectionInfo Info) : FeedEvent(Venue, Connection);
