using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// How far one partition has been read, and in which order its records leave the replay window. Only for the hub's thread, but for
/// <see cref="Describe"/>.
/// </summary>
internal sealed class PartitionLog(PartitionBeginning beginning)
{
    // What a place in the window costs beside the record's bytes.
    private const int EntryBytes = 64;

    private readonly Queue<(MarketStream Stream, long Timestamp, int Bytes)> _window = new();
    private long _bytes;
    private long _position = beginning.Start;
    private long _records;
    private long _lastTimestamp;

    public TopicKind Topic => beginning.Topic;

    public int Partition => beginning.Partition;

    /// <summary>First offset read.</summary>
    public long Start => beginning.Start;

    /// <summary>Offset of the next record.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Everything that was there when reading began has been read.</summary>
    public bool IsCaughtUp => Position >= beginning.End;

    public int WindowRecords => _window.Count;

    public long WindowBytes => _bytes;

    /// <summary>For any thread, each figure for itself.</summary>
    /// <param name="end">Where the partition ends, as the broker says; null = not known.</param>
    public PartitionPosition Describe(long? end)
    {
        var position = Position;
        long? later = end is { } told ? Math.Max(told, position) : null;
        return new PartitionPosition(Topic, Partition, Start, position, later, Volatile.Read(ref _records), Volatile.Read(ref _lastTimestamp));
    }

    /// <summary>False for a record that was read before.</summary>
    public bool TryAdvance(long offset, long timestamp)
    {
        if (offset < Position)
        {
            return false;
        }

        Volatile.Write(ref _position, offset + 1);
        Volatile.Write(ref _lastTimestamp, timestamp);
        Volatile.Write(ref _records, _records + 1);
        return true;
    }

    /// <summary>Nothing more comes before this offset.</summary>
    public void Reached(long offset) => Volatile.Write(ref _position, Math.Max(_position, offset));

    /// <summary>Keeps a record for replay.</summary>
    public void Keep(MarketStream stream, in HeldRecord record, long timestamp)
    {
        stream.Window.Add(record);
        var bytes = record.Value.Length + EntryBytes;
        _window.Enqueue((stream, timestamp, bytes));
        _bytes += bytes;
    }

    /// <summary>Lets go what is too old or too much.</summary>
    /// <param name="oldest">Production of the oldest record that may stay, microseconds.</param>
    public void Trim(long oldest, HubOptions options)
    {
        while (_window.TryPeek(out var entry)
            && (entry.Timestamp < oldest || _window.Count > options.ReplayRecords || _bytes > options.ReplayBytes))
        {
            _window.Dequeue();
            entry.Stream.Window.RemoveOldest();
            _bytes -= entry.Bytes;
        }
    }
}
