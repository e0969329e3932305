namespace Pipeline.Gateway.Hub;

/// <summary>How far one partition has been read.</summary>
/// <param name="Start">First offset read.</param>
/// <param name="Position">Offset of the next record.</param>
/// <param name="End">Greatest end of the partition known so far; at least <paramref name="Position"/>.</param>
/// <param name="Records">Records read, stale ones not counted.</param>
/// <param name="LastTimestamp">Time of production of the newest record, microseconds; 0 before the first.</param>
internal readonly record struct PartitionPosition(
    TopicKind Topic, int Partition, long Start, long Position, long End, long Records, long LastTimestamp);
