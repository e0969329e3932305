using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Core.Feeds;

/// <summary>A connection was replaced while it worked, or could not be and is kept.</summary>
public sealed record ConnectionRotated(string Venue, string Connection, RotationCause Cause, RotationOutcome Outcome)
    : FeedEvent(Venue, Connection);
