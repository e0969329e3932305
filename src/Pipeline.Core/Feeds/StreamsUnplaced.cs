namespace Pipeline.Core.Feeds;

/// <summary>Streams that no connection has room for. They are placed, and not told of again, as soon as there is room.</summary>
/// <param name="Reason">Which limit is reached, and what to change.</param>
public sealed record StreamsUnplaced(string Venue, IReadOnlyList<string> Streams, string Reason) : FeedEvent(Venue, "");
