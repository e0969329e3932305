namespace Pipeline.Kafka.Topics;

/// <summary>How a topic is laid out on a cluster.</summary>
/// <param name="Replicas">Copies of its first partition; the others have as many unless somebody has moved them by hand.</param>
internal readonly record struct TopicShape(int Partitions, int Replicas);
