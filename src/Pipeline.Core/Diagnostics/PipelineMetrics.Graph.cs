namespace Pipeline.Core.Diagnostics;

/// <content>What passes the graph: events, sequences, candles.</content>
public sealed partial class PipelineMetrics
{
    // The state under which CandleRecords counts them.
    private const string RevisedCandle = "revised";

    private readonly GraphCounters _graph;

    public void Events(string venue, string kind, int count) => _graph.Events.Add(count, venue, kind);

    /// <param name="reason"><c>duplicate</c>, <c>late</c>, <c>stale-quote</c>, <c>future-trade</c> …</param>
    public void Dropped(string venue, string reason, int count = 1) => _graph.Dropped.Add(count, venue, reason);

    public void Hole(string venue, string kind, long missing)
    {
        _graph.Holes.Add(1, venue, kind);
        _graph.Missing.Add(missing, venue, kind);
    }

    public void Reset(string venue, string kind) => _graph.Resets.Add(1, venue, kind);

    public void LateTrade(string venue) => _graph.LateTrades.Add(1, venue);

    public void CandleRecords(string venue, string state, int count) => _graph.Candles.Add(count, venue, state);

    /// <param name="what">
    /// <c>carried</c>: an empty window; <c>carry-skipped</c>: one too many to catch up with; <c>incomplete</c>: a final or revised record
    /// that says so; <c>unrevisable</c>: a trade of a window that is held no more, once for each interval.
    /// </param>
    public void CandleRemark(string venue, string what, int count = 1) => _graph.CandleRemarks.Add(count, venue, what);

    private void WatchCandles(MetricSet set) => set.Watch(
        "pipeline.candle.revisions", "{record}", "Candles that were told once more because a trade came late",
        () => _graph.Candles.Values.Where(one => one.Detail == RevisedCandle).Select(one => (one.Tag, "", one.Value)), "venue", isCounter: true);

    private sealed class GraphCounters(MetricSet set)
    {
        public TaggedCounter Events { get; } = set.Add(
            "pipeline.graph.events", "{event}", "Market events that passed normalise", "venue", "kind");

        public TaggedCounter Dropped { get; } = set.Add(
            "pipeline.graph.dropped", "{event}", "Events dropped on purpose", "venue", "reason");

        public TaggedCounter Holes { get; } = set.Add(
            "pipeline.sequence.holes", "{hole}", "Holes in contiguous ids; where ids tell none, one for each reconnect of an instrument",
            "venue", "kind");

        public TaggedCounter Missing { get; } = set.Add("pipeline.sequence.missing", "{event}", "Ids inside holes", "venue", "kind");

        public TaggedCounter Resets { get; } = set.Add(
            "pipeline.sequence.resets", "{reset}", "Series of ids that began anew at the venue", "venue", "kind");

        public TaggedCounter LateTrades { get; } = set.Add(
            "pipeline.candles.late", "{trade}", "Trades older than an already closed window", "venue");

        public TaggedCounter Candles { get; } = set.Add(
            "pipeline.candles.records", "{record}", "Candle records by state", "venue", "state");

        public TaggedCounter CandleRemarks { get; } = set.Add(
            "pipeline.candles.remarks", "{event}", "Candles that are out of the ordinary: carried, incomplete, not to be revised any more",
            "venue", "what");
    }
}
