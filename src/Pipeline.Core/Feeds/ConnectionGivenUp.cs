namespace Pipeline.Core.Feeds;

/// <summary>A connection will not be opened again; its streams are without data until the process restarts.</summary>
public sealed record ConnectionGivenUp(string Venue, string Connection, Exception? Error) : FeedEvent(Venue, Connection);
