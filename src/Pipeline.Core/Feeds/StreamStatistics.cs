namespace Pipeline.Core.Feeds;

/// <summary>One stream at one instant. Times are of the market clock, microseconds since the Unix epoch.</summary>
/// <param name="Name">The venue's name of it.</param>
/// <param name="Connection">Connection it is on; null while it waits for a place.</param>
/// <param name="Subscribers">Subscriptions that share it; 0 while it is only kept in case somebody wants it again.</param>
/// <param name="CreatedAt">First subscription.</param>
/// <param name="LastUsed">Newest subscription, or end of one.</param>
public sealed record StreamStatistics(string Name, string? Connection, int Subscribers, long CreatedAt, long LastUsed);
