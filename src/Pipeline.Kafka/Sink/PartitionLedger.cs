namespace Pipeline.Kafka.Sink;

/// <summary>
/// Counts the records of one partition. Within a partition the client settles in the order of hand-over, so that two counts say which
/// records are through, without a mark on any of them.
/// </summary>
internal sealed class PartitionLedger
{
    private long _taken;
    private long _takenBytes;
    private long _acknowledged;
    private long _failed;
    private long _settledBytes;

    public long Taken => Volatile.Read(ref _taken);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Failed => Volatile.Read(ref _failed);

    public long Settled => Acknowledged + Failed;

    public long BytesInFlight => Volatile.Read(ref _takenBytes) - Volatile.Read(ref _settledBytes);

    /// <summary>To be called before the client gets the record, so that it is never settled before it was taken.</summary>
    public void Take(int bytes)
    {
        Interlocked.Increment(ref _taken);
        Interlocked.Add(ref _takenBytes, bytes);
    }

    /// <summary>The client did not take it after all.</summary>
    public void GiveBack(int bytes)
    {
        Interlocked.Decrement(ref _taken);
        Interlocked.Add(ref _takenBytes, -bytes);
    }

    public void Settle(int acknowledged, int failed, long bytes)
    {
        Interlocked.Add(ref _settledBytes, bytes);
        Interlocked.Add(ref _failed, failed);
        Interlocked.Add(ref _acknowledged, acknowledged);
    }
}
