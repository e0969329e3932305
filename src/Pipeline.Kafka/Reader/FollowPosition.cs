namespace Pipeline.Kafka.Reader;

/// <summary>Where following of a partition begins.</summary>
public readonly record struct FollowPosition(string Topic, int Partition, long Offset);
