namespace Pipeline.Core.Feeds;

/// <summary>A wish for one stream, in the venue's name for it.</summary>
public readonly record struct SubscriptionCommand(SubscriptionAction Action, string Stream);
