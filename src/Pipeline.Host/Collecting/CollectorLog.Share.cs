using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting;

internal static partial class CollectorLog
{
    [LoggerMessage(
        1075, LogLevel.Information, "partition {Partition} is {Instance}'s under epoch {Epoch}: {How}, nobody wrote for {Milliseconds:F0} ms, free after {Free:F0} and read in {Read:F0} ms",
        EventName = "PartitionGained")]
    public static partial void PartitionGained(ILogger log, int partition, string instance, long epoch, string how, double milliseconds, double free, double read);

    [LoggerMessage(
        1076, LogLevel.Information, "partition {Partition} given to {Other}, everything flushed and released {Milliseconds:F0} ms after its claim",
        EventName = "PartitionGiven")]
    public static partial void PartitionGiven(ILogger log, int partition, string other, double milliseconds);

    [LoggerMessage(
        1072, LogLevel.Information, "the group {Group} wants this collector to have {Count} of {Partitions} partitions: {List}",
        EventName = "PartitionsAssigned")]
    public static partial void PartitionsAssigned(ILogger log, string group, int count, int partitions, string list);

    [LoggerMessage(1073, LogLevel.Information, "left the group; waiting for others to take over {Count} partitions", EventName = "PartitionsLeaving")]
    public static partial void PartitionsLeaving(ILogger log, int count);

    [LoggerMessage(
        1074, LogLevel.Warning, "{Count} partitions were not taken over within {Seconds} s: they are released, and who gets them begins then",
        EventName = "PartitionsNotTaken")]
    public static partial void PartitionsNotTaken(ILogger log, int count, double seconds);
}
