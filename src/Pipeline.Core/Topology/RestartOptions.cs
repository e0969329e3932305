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
}
