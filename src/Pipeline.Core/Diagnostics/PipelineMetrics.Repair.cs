namespace Pipeline.Core.Diagnostics;

/// <content>Holes in trades and what became of them.</content>
public sealed partial class PipelineMetrics
{
    private readonly RepairCounters _repair;

    /// <param name="change">Holes opened, or closed when negative.</param>
    public void GapsOpen(string venue, int change) => _repair.GapsOpen.Add(change, venue);

    /// <param name="outcome"><c>repaired-in-time</c>, <c>repaired</c>, <c>venue-silent</c> or <c>abandoned</c>.</param>
    /// <param name="microseconds">From finding it on.</param>
    public void GapClosed(string venue, string outcome, long microseconds)
    {
        _repair.GapsClosed.Add(1, venue, outcome);
        _repair.GapTime.Add(Math.Max(0, microseconds), venue, outcome);
    }

    /// <param name="by"><c>rest</c>, or <c>late</c> when the stream itself brought it after all.</param>
    public void TradeRepaired(string venue, string by) => _repair.TradesRepaired.Add(1, venue, by);

    public void Demoted(string venue) => _repair.Demotions.Add(1, venue);

    /// <param name="outcome"><c>trades</c>, <c>nothing-new</c>, or why the venue did not answer.</param>
    public void RepairPage(string venue, string outcome) => _repair.RepairPages.Add(1, venue, outcome);

    private sealed class RepairCounters(MetricSet set)
    {
        public TaggedCounter GapsOpen { get; } = set.Add(
            "pipeline.gaps.open", "{gap}", "Holes in trades that are asked for", "venue", goesDown: true);

        public TaggedCounter GapsClosed { get; } = set.Add(
            "pipeline.gaps.closed", "{gap}", "Holes in trades by what became of them", "venue", "outcome");

        public TaggedCounter GapTime { get; } = set.Add(
            "pipeline.gaps.time", "us", "Time from finding a hole to its end, all of them together", "venue", "outcome");

        public TaggedCounter TradesRepaired { get; } = set.Add(
            "pipeline.gap.trades_backfilled", "{trade}", "Trades that filled holes, by who brought them", "venue", "by");

        public TaggedCounter Demotions { get; } = set.Add(
            "pipeline.sequence.demotions", "{instrument}", "Instruments whose ids were found not to be contiguous", "venue");

        public TaggedCounter RepairPages { get; } = set.Add(
            "pipeline.repair.pages", "{page}", "Requests for missing trades by what came of them", "venue", "outcome");
    }
}
