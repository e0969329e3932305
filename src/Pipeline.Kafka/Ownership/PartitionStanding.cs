namespace Pipeline.Kafka.Ownership;

/// <summary>One partition as a collector sees it.</summary>
/// <param name="Phase">How far this collector has come with it.</param>
/// <param name="Owner">Who owns it by the log; null = nobody that is known, or who had it has released it.</param>
/// <param name="IsWanted">It is to be ours, says the group.</param>
/// <param name="Epoch">Offset of our claim; -1 without one.</param>
public sealed record PartitionStanding(int Partition, OwnerPhase Phase, string? Owner, bool IsWanted, long Epoch);
