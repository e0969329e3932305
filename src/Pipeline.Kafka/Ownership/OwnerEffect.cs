namespace Pipeline.Kafka.Ownership;

/// <summary>What is to be done about a partition.</summary>
public enum OwnerEffect : byte
{
    /// <summary>Another writes: open the streams and hold what they bring, and say so by <see cref="PartitionOwnership.Prepared"/>.</summary>
    Prepare,

    /// <summary>It is not to be ours after all: its streams are not needed.</summary>
    LetGo,

    /// <summary>Write the claim; its offset comes back by <see cref="PartitionOwnership.Claimed"/>.</summary>
    WriteClaim,

    /// <summary>Write a sign of life; that it was acknowledged comes back by <see cref="PartitionOwnership.Acknowledged"/>.</summary>
    WriteAlive,

    /// <summary>Read state and tails, and say so by <see cref="PartitionOwnership.TailRead"/>.</summary>
    ReadTail,

    /// <summary>Another has claimed it later: stop, flush, and say so by <see cref="PartitionOwnership.Flushed"/>.</summary>
    Stop,

    /// <summary>Write that nothing more will come.</summary>
    WriteReleased,

    /// <summary>No acknowledgement came for as long as makes others take us for dead: purge, and begin again.</summary>
    Lose,
}
