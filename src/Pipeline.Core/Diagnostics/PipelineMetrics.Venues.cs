using System.Collections.Concurrent;

namespace Pipeline.Core.Diagnostics;

/// <content>What is asked of venues, and the topology that names them.</content>
public sealed partial class PipelineMetrics
{
    private readonly VenueCounters _venues;
    private readonly ConcurrentDictionary<(string Venue, string Name), (Func<long> Used, int Limit)> _budgets = new();

    /// <param name="outcome"><c>applied</c>, <c>unchanged</c>, <c>partial</c> or <c>refused</c>.</param>
    public void TopologyReloaded(string outcome) => _venues.Reloads.Add(1, outcome);

    /// <param name="step"><c>start</c>: to be collected from at all; <c>instruments</c>: to follow what becomes of them.</param>
    public void VenueFailed(string venue, string step) => _venues.Failures.Add(1, venue, step);

    /// <param name="outcome"><c>answered</c>, or why not: <c>unavailable</c>, <c>timeout</c>, <c>rate-limited</c>, <c>banned</c> …</param>
    public void RestRequest(string venue, string outcome) => _venues.RestRequests.Add(1, venue, outcome);

    public void RestRowsSkipped(string venue, int rows) => _venues.RestRowsSkipped.Add(rows, venue);

    /// <summary>Registers what a venue allows to ask: the line of those who wait, and how much is used of it now.</summary>
    /// <param name="name">Tells it from the venue's other budgets.</param>
    public void AddRestBudget(string venue, string name, Func<long> waiting, long capacity, Func<long> used, int limit)
    {
        AddQueue($"requests {venue} {name}", waiting, capacity);
        _budgets[(venue, name)] = (used, limit);
    }

    private void WatchBudgets(MetricSet set)
    {
        set.Watch(
            "pipeline.rest.weight_used", "{weight}", "Weight used of a venue's request budget",
            () => _budgets.Select(one => (one.Key.Venue, one.Key.Name, one.Value.Used())), "venue", "budget");
        set.Watch(
            "pipeline.rest.weight_limit", "{weight}", "Weight a venue's request budget allows",
            () => _budgets.Select(one => (one.Key.Venue, one.Key.Name, (long)one.Value.Limit)), "venue", "budget");
    }

    private sealed class VenueCounters(MetricSet set)
    {
        public TaggedCounter Reloads { get; } = set.Add(
            "pipeline.topology.reloads", "{reload}", "Readings of the topology while it runs", "outcome");

        public TaggedCounter Failures { get; } = set.Add(
            "pipeline.venue.failures", "{failure}", "Steps with a venue that failed and are tried again", "venue", "step");

        public TaggedCounter RestRequests { get; } = set.Add(
            "pipeline.rest.requests", "{request}", "Attempts to ask a venue's HTTP interface by outcome", "venue", "outcome");

        public TaggedCounter RestRowsSkipped { get; } = set.Add(
            "pipeline.rest.rows_skipped", "{row}", "Rows of a venue's lists that could not be read", "venue");
    }
}
