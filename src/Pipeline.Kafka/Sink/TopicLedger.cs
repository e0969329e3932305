using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>A topic as the sink holds it: the header bytes of its schema and the counts of its partitions.</summary>
internal sealed class TopicLedger
{
    public TopicLedger(TopicDefinition definition, int index, int firstPartition)
    {
        Name = definition.Name;
        Schema = System.Text.Encoding.ASCII.GetBytes(definition.Schema);
        IsOwned = definition.IsOwned;
        Index = index;
        FirstPartition = firstPartition;

        // What is only compacted is written by others too, if rarely: claims, for one.
        var followsOffsets = definition.IsOwned && definition.CleanupPolicy != "compact";
        Partitions = [.. Enumerable.Range(0, definition.Partitions).Select(_ => new PartitionLedger(followsOffsets))];
    }

    public string Name { get; }

    public byte[] Schema { get; }

    /// <summary>Its records bear the owner's epoch.</summary>
    public bool IsOwned { get; }

    /// <summary>Position among the sink's topics.</summary>
    public int Index { get; }

    /// <summary>Number of its partition 0 when all partitions of all topics are numbered through.</summary>
    public int FirstPartition { get; }

    public PartitionLedger[] Partitions { get; }
}
