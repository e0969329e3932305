using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Restart;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>What follows the partitions of a collector that shares them.</summary>
/// <param name="MakeRestore">Reads state and tails; a new one each time.</param>
/// <param name="MakeRehearsal">The same, of which nobody hears.</param>
/// <param name="Taken">Of which partitions streams are opened.</param>
internal sealed record ShareParts(
    TopologyFile Topology,
    PartitionOwner Owner,
    KafkaSink Kafka,
    SharedSink Sink,
    RestoredStates States,
    Func<ITailSource?, StateRestore> MakeRestore,
    Func<ITailSource, StateRestore> MakeRehearsal,
    OwnedPartitions Taken,
    VenueSet Venues,
    PipelineGraph Graph,
    PipelineMetrics Metrics,
    TimeProvider Time,
    TimeProvider MarketClock,
    ILogger Log);
