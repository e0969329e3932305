namespace Pipeline.Core.Feeds;

/// <summary>What became of wishes.</summary>
/// <param name="Reason">Why they failed; null when the venue acknowledged them.</param>
public sealed record SubscriptionOutcome(SubscriptionAction Action, IReadOnlyList<string> Streams, string? Reason)
{
    public bool IsConfirmed => Reason is null;

    /// <summary>Whether they failed because the venue said nothing at all, neither yes nor no.</summary>
    public bool IsUnanswered { get; init; }
}
