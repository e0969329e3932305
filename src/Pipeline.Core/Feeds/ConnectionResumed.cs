namespace Pipeline.Core.Feeds;

/// <summary>The receive loop of a connection goes on.</summary>
/// <param name="Lasted">How long it was held back.</param>
public sealed record ConnectionResumed(string Venue, string Connection, TimeSpan Lasted) : FeedEvent(Venue, Connection);
