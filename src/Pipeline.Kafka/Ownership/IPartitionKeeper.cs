namespace Pipeline.Kafka.Ownership;

/// <summary>What a collector does about partitions that come and go. Called by one at a time; must be quick.</summary>
public interface IPartitionKeeper
{
    /// <summary>It is to be ours: open its streams and hold what they bring, then <see cref="PartitionOwner.Prepared"/>.</summary>
    void Prepare(int partition);

    /// <summary>Nobody writes to it: read its state and tails, then <see cref="PartitionOwner.OwnAsync(PartitionClaim)"/>.</summary>
    void Read(PartitionClaim claim);

    /// <summary>Another has claimed it: hand nothing more over, flush, then <see cref="PartitionOwner.FlushedAsync"/>.</summary>
    void Stop(int partition, string other);

    /// <summary>It is not to be ours any more, and nothing of it was written: what was prepared can go.</summary>
    void LetGo(int partition);

    /// <summary>The id of the log, once it is known.</summary>
    void SetLogId(string logId);
}
