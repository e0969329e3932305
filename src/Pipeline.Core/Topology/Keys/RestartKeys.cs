namespace Pipeline.Core.Topology.Keys;

internal static class RestartKeys
{
    public static Section<RestartOptions> Make() =>
        new Section<RestartOptions>(() => new RestartOptions())
            .Key("checkpointInterval", new DurationShape(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
                o => o.CheckpointInterval, (o, v) => o with { CheckpointInterval = v }, "Time between two checkpoints of a partition.")
            .Key("checkpointTrades", new IntegerShape(100, 10_000_000), o => o.CheckpointTrades, (o, v) => o with { CheckpointTrades = v },
                "Trades of a partition after which a checkpoint comes sooner.")
            .Key("leaseTimeout", new DurationShape(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(10)),
                o => o.LeaseTimeout, (o, v) => o with { LeaseTimeout = v },
                "Silence after which the owner of a partition is taken for dead; an owner without an acknowledgement for that long claims again.")
            .Key("settle", new DurationShape(TimeSpan.Zero, TimeSpan.FromMinutes(1)), o => o.Settle, (o, v) => o with { Settle = v },
                "What a new owner waits for requests of a killed one that are still on their way.")
            .Key("lookback", new IntegerShape(0, 100_000_000), o => o.Lookback, (o, v) => o with { Lookback = v },
                "Records of each partition that are read where no checkpoint holds, counted back from the end.");
}
