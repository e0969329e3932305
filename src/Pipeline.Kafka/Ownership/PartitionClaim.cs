using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary>A partition to which nobody but us may write any more; its state and tails are to be read.</summary>
/// <param name="Epoch">Offset of our claim.</param>
/// <param name="TakenBy">How it came to us.</param>
/// <param name="SilentSince">When those before us were heard for the last time; microseconds of <see cref="PartitionOwner.Now"/>.</param>
/// <param name="At">When nobody wrote any more, by the same clock.</param>
/// <param name="Ends">Where the logs end, as who released it said; null = that has to be asked.</param>
public sealed record PartitionClaim(int Partition, long Epoch, TakeOver TakenBy, long SilentSince, long At, PartitionEnds? Ends);
