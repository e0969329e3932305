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
                "Records of each partition that are read where no checkpoint holds, counted back from the end.")
            .Key("group", new TextShape("letters, digits, '.', '_' or '-'", "^[a-zA-Z0-9._-]{1,200}$", "any name that no other topology uses, such as pipeline"),
                _ => null, (o, v) => o with { Group = v },
                "Consumer group by which collectors share the partitions; each needs a collector.name of its own. Left out: one collector has them all.")
            .Key("groupSession", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
                o => o.GroupSession, (o, v) => o with { GroupSession = v }, "Silence after which the group takes a member for gone.")
            .Key("prepareTimeout", new DurationShape(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
                o => o.PrepareTimeout, (o, v) => o with { PrepareTimeout = v },
                "How long a partition that another writes is prepared before it is claimed with what there is.")
            .Key("handOverTimeout", new DurationShape(TimeSpan.Zero, TimeSpan.FromMinutes(5)),
                o => o.HandOverTimeout, (o, v) => o with { HandOverTimeout = v },
                "How long a collector that ends waits for others of its group to take its partitions over.");

}
