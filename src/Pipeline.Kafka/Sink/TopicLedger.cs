using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>A topic as the producer holds it: the native object, the header bytes of its schema and the counts of its partitions.</summary>
internal sealed class TopicLedger
{
    public TopicLedger(TopicDefinition definition, int index, int firstPartition, nint handle)
    {
        Name = definition.Name;
        Schema = System.Text.Encoding.ASCII.GetBytes(definition.Schema);
        Index = index;
        FirstPartition = firstPartition;
        Handle = handle;
        Partitions = [.. Enumerable.Range(0, definition.Partitions).Select(_ => new PartitionLedger())];
    }

    public string Name { get; }

    public byte[] Schema { get; }

    /// <summary>Position among the sink's topics.</summary>
    public int Index { get; }

    /// <summary>Number of its partition 0 when all partitions of all topics are numbered through.</summary>
    public int FirstPartition { get; }

    public nint Handle { get; }

    public PartitionLedger[] Partitions { get; }
}
