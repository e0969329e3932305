namespace Pipeline.Core.Feeds;

/// <summary>A venue's answer to a subscription request, or to one stream of it where the venue answers each by itself.</summary>
/// <param name="Id">Id of the request; null when the answer names none.</param>
/// <param name="Stream">The stream that is answered; null = the whole request.</param>
/// <param name="Error">Null for an acknowledgement, else the venue's words.</param>
public readonly record struct SubscriptionReply(long? Id, string? Stream, string? Error)
{
    /// <summary>What a refusal means; of no meaning with an acknowledgement.</summary>
    public RefusalCause Cause { get; init; }
}
