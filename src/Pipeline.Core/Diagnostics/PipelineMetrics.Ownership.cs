namespace Pipeline.Core.Diagnostics;

/// <content>Partitions that come and go.</content>
public sealed partial class PipelineMetrics
{
    private readonly OwnershipCounters _ownership;

    /// <summary>How long nothing was written to partitions while they changed hands, microseconds.</summary>
    public LatencyHistogram HandOverSilence => _ownership.Silence;

    /// <param name="how"><c>free</c>, <c>planned</c>, <c>restart</c> or <c>lease</c>.</param>
    /// <param name="silence">Microseconds in which nobody wrote; null when nobody had written before.</param>
    /// <param name="now">Microseconds.</param>
    public void PartitionGained(string how, long? silence, long now)
    {
        _ownership.Owned.Add(1);
        _ownership.HandOvers.Add(1, how);
        if (silence is { } microseconds)
        {
            HandOverSilence.Add(microseconds, now);
        }
    }

    /// <param name="how"><c>given</c> to another, or <c>lost</c>.</param>
    public void PartitionsGone(string how, int count)
    {
        _ownership.Owned.Add(-count);
        _ownership.HandOvers.Add(count, how);
    }

    private sealed class OwnershipCounters(MetricSet set)
    {
        public TaggedCounter Owned { get; } = set.Add(
            "pipeline.partitions.owned", "{partition}", "Partitions that this collector owns", goesDown: true);

        public TaggedCounter HandOvers { get; } = set.Add(
            "pipeline.partitions.handovers", "{partition}", "Partitions that came and went, by how", "how");

        public LatencyHistogram Silence { get; } = set.AddLatency(
            "pipeline.partitions.silence", "How long nobody wrote to a partition that came to this collector").Of();
    }
}
