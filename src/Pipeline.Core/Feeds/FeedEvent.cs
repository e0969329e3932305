namespace Pipeline.Core.Feeds;

/// <summary>A change of state of a venue's feed, for logs and the status table.</summary>
/// <param name="Venue">Venue name.</param>
/// <param name="Connection">Name of the connection.</param>
public abstract record FeedEvent(string Venue, string Connection);
