using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting;

internal static partial class CollectorLog
{
    [LoggerMessage(
        1060, LogLevel.Information,
        "partition {Partition}: restored {Instruments} instruments, {Trades:N0} trades folded in {Milliseconds:F0} ms, {OpenGaps} open gaps, {Missing} records written that the log lacked",
        EventName = "PartitionRestored")]
    public static partial void Restored(ILogger log, int partition, int instruments, long trades, double milliseconds, int openGaps, int missing);

    [LoggerMessage(1061, LogLevel.Information, "restoring: {Records:N0} of {Of:N0} records read, {PerSecond:N0}/s", EventName = "RestoreReading")]
    public static partial void RestoreReading(ILogger log, long records, long of, double perSecond);

    [LoggerMessage(
        1062, LogLevel.Warning, "partition {Partition}: the checkpoint is IGNORED, {Reason}; the log is read instead", EventName = "CheckpointIgnored")]
    public static partial void CheckpointIgnored(ILogger log, int partition, string reason);

    [LoggerMessage(1063, LogLevel.Warning, "partition {Partition}: {What}", EventName = "RestoreLacking")]
    public static partial void RestoreLacking(ILogger log, int partition, string what);

    [LoggerMessage(1064, LogLevel.Warning, "ownership: {What}", EventName = "Ownership")]
    public static partial void Ownership(ILogger log, string what);

    [LoggerMessage(
        1065, LogLevel.Error, "the partitions are not ours any more: {Reason}; everything is given up and claimed again", EventName = "OwnershipLost")]
    public static partial void OwnershipLost(ILogger log, string reason);

    [LoggerMessage(1066, LogLevel.Warning, "collecting again {Seconds:F1} s after the partitions were lost", EventName = "CollectingAgain")]
    public static partial void CollectingAgain(ILogger log, double seconds);

    [LoggerMessage(1067, LogLevel.Warning, "not collecting yet: {Reason}; tried again", EventName = "NotCollectingYet")]
    public static partial void NotCollectingYet(ILogger log, string reason);
}
