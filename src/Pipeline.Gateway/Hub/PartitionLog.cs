using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>How far one partition has been read, and in which order its records leave the replay window. Only for the hub's thread.</summary>
internal sealed class PartitionLog(PartitionBeginning beginning)
{
    // What a place in the window costs beside the record's bytes.
    private const int EntryBytes = 64;

    private readonly Queue<(MarketStream Stream, long Timestamp, int Bytes)> _window = new();
    private long _bytes;
    private long _end = beginning.End;

    public TopicKind Topic => beginning.Topic;

    public int Partition => beginning.Partition;

    /// <summary>First offset read.</summary>
    public long Start => beginning.Start;

    /// <summary>Offset of the next record.</summary>
    public long Position { get; private set; } = beginning.Start;

    public long Records { get; private set; }

    public long LastTimestamp { get; private set; }

    /// <summary>Everything that was there when reading began has been read.</summary>
    public bool IsCaughtUp => Position >= beginning.End;

    public int WindowRecords => _window.Count;

    public long WindowBytes => _bytes;

    public PartitionPosition Describe() => new(Topic, Partition, Start, Position, Math.Max(_end, Position), Records, LastTimestamp);

    /// <summary>False for a record that was read before.</summary>
    public bool TryAdvance(long offset, long timestamp)
    {
        if (offset < Position)
        {
            return false;
        }

        Position = offset + 1;
        LastTimestamp = timestamp;
        Records++;
        return true;
    }

    /// <summary>Nothing more comes before this offset.</summary>
    public void Reached(long offset)
    {
        Position = Math.Max(Position, offset);
        _end = Math.Max(_end, offset);
    }

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
