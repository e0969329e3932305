namespace Pipeline.Core.Feeds;

/// <summary>The venue confirmed streams, or they failed.</summary>
public sealed record StreamsSettled(string Venue, string Connection, SubscriptionOutcome Outcome) : FeedEvent(Venue, Connection);
