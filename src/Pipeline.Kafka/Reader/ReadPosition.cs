namespace Pipeline.Kafka.Reader;

/// <summary>Where reading of a partition begins, and where its end was then.</summary>
internal sealed record ReadPosition(string Topic, int Partition, long Start, long End);
