namespace Pipeline.Kafka.Sink;

/// <summary>
/// Counts the records of one partition. Within a partition the client settles in the order of hand-over, so that two counts say which
/// records are through, and one offset where each of them lies, without a mark on any of them.
/// </summary>
/// <param name="followsOffsets">
/// True where nobody else writes: then the offsets of what is acknowledged follow each other, and what does not is told.
/// </param>
internal sealed class PartitionLedger(bool followsOffsets = true)
{
    // Each is a writer that should not have been there; only what waits for its acknowledgement asks for the older ones.
    private const int MaxSegments = 16;

    private volatile LogSegment[] _segments = [];
    private long _taken;
    private long _takenBytes;
    private long _acknowledged;
    private long _failed;
    private long _settledBytes;
    private long _failedBefore;

    public long Taken => Volatile.Read(ref _taken);

    public long TakenBytes => Volatile.Read(ref _takenBytes);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Failed => Volatile.Read(ref _failed);

    public long Settled => Acknowledged + Failed;

    public long BytesInFlight => Volatile.Read(ref _takenBytes) - Volatile.Read(ref _settledBytes);

    /// <summary>True when all of the first <paramref name="taken"/> records are acknowledged; what was given up never is.</summary>
    public bool IsAcknowledged(long taken)
    {
        // Failures are read last: one that is among the settled shows then. A record taken may have been given back since.
        var settled = Settled;
        return settled >= Math.Min(taken, Taken) && Failed == Volatile.Read(ref _failedBefore);
    }

    /// <summary>
    /// Offset behind the first <paramref name="taken"/> records; of those that are not acknowledged, where they will end if nobody else
    /// writes. Null while nothing is known of the log.
    /// </summary>
    public long? OffsetAfter(long taken)
    {
        var segments = _segments;
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            if (segments[i].From < taken || (i == 0 && segments[i].From == taken))
            {
                return segments[i].Origin + taken;
            }
        }

        return null;
    }

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

    /// <param name="offset">That of the first of them, which follow each other; negative = the broker did not say.</param>
    /// <returns>By how much it lies away from where it was to be expected.</returns>
    public long Acknowledge(int records, long bytes, long offset)
    {
        // Where they lie is known before they count: who sees the count may ask.
        var shift = followsOffsets && offset >= 0 ? Align(Settled, offset) : 0;
        Interlocked.Add(ref _settledBytes, bytes);
        Interlocked.Add(ref _acknowledged, records);
        return shift;
    }

    public void Fail(int records, long bytes)
    {
        Interlocked.Add(ref _settledBytes, bytes);
        Interlocked.Add(ref _failed, records);
    }

    /// <summary>The log ends here: the next record gets this offset. Only while nothing is in flight.</summary>
    public void Expect(long end)
    {
        if (Settled != Taken)
        {
            throw new InvalidOperationException("The end of a log cannot be told while records are on their way to it.");
        }

        _segments = [new LogSegment(Taken, end - Taken)];
    }

    /// <summary>Others have written meanwhile, and where the log ends was not read. Only while nothing is in flight.</summary>
    public void ForgetEnd() => _segments = [];

    /// <summary>Another producer begins: what was given up is behind us, and where the log ends is not known. Only while nothing is in flight.</summary>
    public void BeginAnew()
    {
        _segments = [];
        Volatile.Write(ref _failedBefore, Failed);
    }

    /// <summary>Counts as failed what nobody will settle any more.</summary>
    public long Abandon()
    {
        var left = Taken - Settled;
        Fail((int)left, BytesInFlight);
        return left;
    }

    private long Align(long number, long offset)
    {
        var origin = offset - number;
        var segments = _segments;
        if (segments.Length > 0 && segments[^1].Origin == origin)
        {
            return 0;
        }

        _segments = [.. segments.TakeLast(MaxSegments - 1), new LogSegment(number, origin)];
        return segments.Length == 0 ? 0 : origin - segments[^1].Origin;
    }
}
