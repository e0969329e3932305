namespace Pipeline.Kafka.Reader;

/// <summary>One partition: its oldest offset and the offset its next record will get.</summary>
public sealed record PartitionDescription(int Partition, long Low, long High)
{
    /// <summary>Offsets in the log; an upper bound of its records where the log is compacted.</summary>
    public long Records => High - Low;
}
