namespace Pipeline.Core.Feeds;

/// <summary>A venue's answer to a subscription request.</summary>
/// <param name="Id">Id of the request; null when the venue's error names none.</param>
/// <param name="Error">Null for an acknowledgement, else the venue's words.</param>
public readonly record struct SubscriptionReply(long? Id, string? Error);
