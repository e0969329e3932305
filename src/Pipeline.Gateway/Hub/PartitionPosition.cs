namespace Pipeline.Gateway.Hub;

/// <summary>How far one partition has been read.</summary>
/// <param name="Start">First offset read.</param>
/// <param name="Position">Offset of the next record.</param>
/// <param name="End">Where the partition ends, as the broker said last; null = not known, as while it cannot be reached.</param>
/// <param name="Records">Records read, stale ones not counted.</param>
/// <param name="LastTimestamp">Time of production of the newest record, microseconds; 0 before the first.</param>
internal readonly record struct PartitionPosition(
    TopicKind Topic, int Partition, long Start, long Position, long? End, long Records, long LastTimestamp)
{
    /// <summary>Records of the log that are not read yet, those that compaction removed counted too; null = not known.</summary>
    public long? Lag => End is { } end ? Math.Max(0, end - Position) : null;
}
