using Pipeline.Kafka.Reader;

namespace Pipeline.Kafka.Verification;

/// <summary>How far a partition was read, and who owns it.</summary>
internal sealed class PartitionCursor
{
    private long _epoch = long.MinValue;

    /// <summary>Offset of the record that is read next; -1 before the first.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>Records in front of the first one read, or in between, were deleted or compacted away.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Reading begins at this offset.</summary>
    public void Begin(long offset)
    {
        Next = offset;
        IsPartial |= offset > 0;
    }

    /// <summary>False for a record that was read before. <paramref name="skipped"/>: how many offsets in front of it were not there.</summary>
    public bool Take(long offset, out long skipped)
    {
        skipped = Math.Max(0, offset - Math.Max(0, Next));
        if (offset < Next)
        {
            return false;
        }

        IsPartial |= skipped > 0;
        Next = offset + 1;
        return true;
    }

    /// <summary>False for a record of a writer that had lost the partition.</summary>
    public bool IsCurrent(KafkaRecord record, out long epoch)
    {
        epoch = record.Epoch;
        if (epoch < _epoch)
        {
            return false;
        }

        _epoch = epoch;
        return true;
    }

    public long Epoch => _epoch;
}
