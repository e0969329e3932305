using System.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Decides which batches are traced and begins their spans: one for each lane that a batch goes through, from its arrival until the Kafka
/// client has it. A batch that is not traced costs a comparison.
/// </summary>
/// <param name="ratio">Part of the batches, 0 to 1.</param>
public sealed class BatchTracer(double ratio)
{
    public bool IsOn => ratio > 0 && PipelineTracing.Source.HasListeners();

    /// <param name="now">By the same clock as the batch's arrival, microseconds.</param>
    public void Begin(MarketBatch batch, string venue, long now)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!IsOn || (ratio < 1 && Random.Shared.NextDouble() >= ratio))
        {
            return;
        }

        batch.Trace = PipelineTracing.Begin("collect", ActivityKind.Producer, default, TimeSpan.FromMicroseconds(now - batch.Now))
            ?.SetTag("venue", venue).SetTag("connection", batch.Connection).SetTag("events", batch.Events.Count)
            .AddEvent(new ActivityEvent("normalised"));
    }
}
