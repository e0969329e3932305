using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Restart;
using Pipeline.Kafka.State;

namespace Pipeline.Host.Collecting;

/// <summary>How a restart goes, in the log. A partition that had nothing is not spoken of.</summary>
internal sealed class RestoreLog(PipelineMetrics metrics, ILogger log) : IRestoreWatch
{
    public void Reading(long records, long of, double perSecond) => CollectorLog.RestoreReading(log, records, of, perSecond);

    public void Ignored(int partition, string reason) => CollectorLog.CheckpointIgnored(log, partition, reason);

    public void Lacking(int partition, string what) => CollectorLog.RestoreLacking(log, partition, what);

    public void Dropped(string reason, long records) => metrics.ReadDropped("restart", reason, records);

    public void Restored(RestoredPartition restored, TimeSpan took)
    {
        if (restored.States.Count > 0)
        {
            CollectorLog.Restored(
                log,
                restored.Partition,
                restored.States.Count,
                restored.Folded,
                took.TotalMilliseconds,
                restored.OpenGaps,
                restored.GapsToWrite.Count + restored.CandlesToWrite.Count);
        }
    }
}
