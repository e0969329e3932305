namespace Pipeline.Core.Feeds;

/// <summary>The wait before the next attempt began.</summary>
public sealed record ConnectionRetryScheduled(string Venue, string Connection, RetryInfo Info) : FeedEvent(Venue, Connection);
