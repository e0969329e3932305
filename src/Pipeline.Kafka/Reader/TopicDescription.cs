namespace Pipeline.Kafka.Reader;

/// <summary>A topic and its partitions, in order.</summary>
/// <param name="Replicas">Copies of a partition.</param>
public sealed record TopicDescription(string Name, int Replicas, IReadOnlyList<PartitionDescription> Partitions)
{
    public long Records => Partitions.Sum(partition => partition.Records);
}
