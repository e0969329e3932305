namespace Pipeline.Core.Feeds;

/// <summary>The receive loop of a connection is held back: there is no room behind it. Silence means nothing until <see cref="ConnectionResumed"/> or its end.</summary>
/// <param name="Held">How long already.</param>
public sealed record ConnectionPaused(string Venue, string Connection, TimeSpan Held) : FeedEvent(Venue, Connection);
