using Pipeline.Core.Graph;

namespace Pipeline.Core.Topology.Keys;

internal static class GraphKeys
{
    public static Section<GraphOptions> Make() =>
        new Section<GraphOptions>(() => new GraphOptions())
            .Key("entranceCapacity", new IntegerShape(1, 100_000), o => o.EntranceCapacity, (o, v) => o with { EntranceCapacity = v },
                "Batches waiting at the entrance; when it is full the connections stop reading.")
            .Key("blockCapacity", new IntegerShape(1, 100_000), o => o.BlockCapacity, (o, v) => o with { BlockCapacity = v },
                "Batches inside each later block.")
            .Key("lanes", new IntegerShape(1, 256), o => o.Lanes, (o, v) => o with { Lanes = v },
                "Parallel lanes from sequencing on; at most as many as kafka.partitions.");
}
