using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Core.Feeds;

/// <summary>A rotation is over: the replacement has taken over, or the old socket was kept.</summary>
public sealed record ConnectionRotated(string Venue, string Connection, RotationCause Cause, RotationOutcome Outcome)
    : FeedEvent(Venue, Connection);
