namespace Pipeline.Kafka.Reader;

/// <summary>A topic and its partitions, in order.</summary>
public sealed record TopicDescription(string Name, IReadOnlyList<PartitionDescription> Partitions)
{
    public long Records => Partitions.Sum(partition => partition.Records);
}
