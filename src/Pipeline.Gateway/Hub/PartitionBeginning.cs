namespace Pipeline.Gateway.Hub;

/// <summary>Where reading of a partition begins.</summary>
/// <param name="Low">Oldest offset there is.</param>
/// <param name="Start">First offset that is read.</param>
/// <param name="End">Offset that the next record would get when reading began.</param>
internal readonly record struct PartitionBeginning(TopicKind Topic, int Partition, long Low, long Start, long End);
