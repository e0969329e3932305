namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>What the sockets that carry the same streams have in common, one after the other or side by side.</summary>
/// <param name="time">Runs deadlines.</param>
/// <param name="rankOf">Importance of a stream, lower first.</param>
/// <param name="quarantine">Shared with the other connections of the pool.</param>
/// <param name="budget">Of this connection alone.</param>
/// <param name="heldBack">Told when requests have to wait for more than their even spacing, and how long.</param>
internal sealed class SharedSubscriptions(
    TimeProvider time, Func<string, int> rankOf, Quarantine quarantine, RequestBudget budget, Action<TimeSpan>? heldBack = null)
{
    public Func<string, int> RankOf => rankOf;

    public Quarantine Quarantine => quarantine;

    public RequestBudget Budget => budget;

    /// <summary>The common time: since any fixed instant, the same in the whole process.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>For a connection on its own.</summary>
    public static SharedSubscriptions Alone(TimeProvider time, IVenueAdapter adapter) =>
        new(time, static _ => 0, new Quarantine(), new RequestBudget(adapter.Limits.MaxRequestsPerHour));

    public void HeldBack(TimeSpan wait) => heldBack?.Invoke(wait);
}
