namespace Pipeline.Core.Diagnostics;

/// <content>How long each stage of the way takes: README.md says from where to where.</content>
public sealed partial class PipelineMetrics
{
    private readonly LatencyFamily _stages;
    private readonly LatencyFamily _matches;

    /// <summary>The histogram of a stage, to be kept by who adds to it: one addition for whatever arrived, or was written, together.</summary>
    /// <param name="stage"><c>arrival</c>, <c>normalise</c>, <c>hand_over</c>, <c>kafka_ack</c>, <c>gateway</c> or <c>client_send</c>.</param>
    /// <param name="venue">Where the stage differs by venue.</param>
    public LatencyHistogram StageLatency(string stage, string venue = "") => _stages.Of(stage, venue);

    /// <summary>Registers the histogram of a stage that was made elsewhere.</summary>
    public void AddStageLatency(string stage, LatencyHistogram histogram) => _stages.Attach(histogram, stage);

    /// <summary>Registers how long one turn of records takes to find its clients.</summary>
    public void AddMatchTime(LatencyHistogram histogram) => _matches.Attach(histogram);

    private void WatchStages(MetricSet set) => set.Watch(
        "pipeline.stage.negative", "{batch}", "Latencies below zero, where the clocks of two machines differ; they count as zero",
        () => _stages.All.Select(one => (one.Tag, one.Detail, one.Histogram.Negative)), "stage", "venue", isCounter: true);
}
