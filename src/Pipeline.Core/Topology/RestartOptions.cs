namespace Pipeline.Core.Topology;

/// <summary>How a collector goes on where the last one has ended, and who may write.</summary>
public sealed record RestartOptions
{
    /// <summary>Time between two checkpoints of a partition. Default 10 s.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Trades of a partition after which a checkpoint comes sooner. Default 50,000.</summary>
    public int CheckpointTrades { get; init; } = 50_000;

    /// <summary>Silence after which an owner is taken for dead, and takes itself for it. Default 10 s.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a new owner waits for requests of a killed one that are still on their way. Default 1 s.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Records of a partition and topic that are read where no checkpoint holds, counted back from the end. Default 200,000.</summary>
    public int Lookback { get; init; } = 200_000;

    /// <summary>
    /// Consumer group by which collectors of one topology share its partitions; null = this one has them all. Each then needs a
    /// <see cref="CollectorOptions.Name"/> of its own.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>Silence after which the group takes a member for gone. Default 6 s.</summary>
    public TimeSpan GroupSession { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a partition that another writes is prepared before it is claimed as it is. Default 10 s.</summary>
    public TimeSpan PrepareTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a collector that ends waits for others to take its partitions over. Default 15 s.</summary>
    public TimeSpan HandOverTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
