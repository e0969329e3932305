namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>What a step of a <see cref="SubscriptionPlan"/> has to tell; nothing is told while its lock is held.</summary>
internal sealed class PlanEffects
{
    public List<SubscriptionOutcome> Outcomes { get; } = [];

    /// <summary>Requests by what became of them.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Streams that failed, by why.</summary>
    public List<(string Reason, int Count)> Failed { get; } = [];

    /// <summary>Requests have to wait for so long.</summary>
    public TimeSpan? HeldBack { get; set; }

    public void Tell(SubscriptionAction action, IReadOnlyList<string> streams, string? reason = null, bool isUnanswered = false)
    {
        if (streams.Count > 0)
        {
            Outcomes.Add(new SubscriptionOutcome(action, streams, reason) { IsUnanswered = isUnanswered });
        }
    }
}
