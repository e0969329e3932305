using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Collecting;

/// <summary>
/// The collector's right to write, and from where it goes on: claims all partitions, brings their state to the end of the log, writes
/// what the log lacks. From then on records pass <see cref="Sink"/> for as long as nobody else can own them.
/// </summary>
internal sealed class CollectorOwnership : IAsyncDisposable
{
    // The embedded broker keeps 5 MiB of a partition: between two checkpoints there must be less than that.
    private const int EmbeddedCheckpointTrades = 5_000;

    private readonly KafkaSink _kafka;
    private readonly PartitionOwner _owner;
    private readonly TopologyFile _topology;
    private readonly Action _onLost;

    private CollectorOwnership(TopologyFile topology, KafkaSink kafka, PartitionOwner owner)
    {
        _topology = topology;
        _kafka = kafka;
        _owner = owner;
        _onLost = () => owner.TellLost(FormattableString.Invariant(
            $"no record was acknowledged for {topology.Restart.LeaseTimeout.TotalSeconds} s"));
        kafka.LeaseTimeout = topology.Restart.LeaseTimeout;
        kafka.Lost += _onLost;
        Sink = kafka;
    }

    /// <summary>Completes when the partitions are not ours any more.</summary>
    public Task<OwnershipLoss> Lost => _owner.Lost;

    /// <summary>Where the graph writes.</summary>
    public IMarketSink Sink { get; private set; }

    public RestoredStates States { get; private set; } = new([]);

    public CheckpointOptions Checkpoints => new()
    {
        Interval = _topology.Restart.CheckpointInterval,
        Trades = _topology.Kafka.Embedded ? Math.Min(_topology.Restart.CheckpointTrades, EmbeddedCheckpointTrades) : _topology.Restart.CheckpointTrades,
        StateBytes = _topology.Kafka.Embedded ? _kafka.StateBytesOf : null,
    };

    /// <exception cref="Kafka.KafkaClientException">No broker answers, or somebody else claims the partitions.</exception>
    public static async Task<CollectorOwnership> TakeAsync(
        TopologyFile topology, KafkaSink kafka, PipelineMetrics metrics, TimeProvider time, TimeProvider marketClock, ILogger log,
        CancellationToken cancellation)
    {
        var topics = TopicCatalog.Of(topology.Kafka);
        var reader = new KafkaReader(topology.Kafka);
        var known = await InstrumentArchive.ReadAsync(topology.Kafka, time, log, cancellation);
        var instruments = new LogInstruments(venue => RulesOf(topology, venue), known);
        var owner = new PartitionOwner(
            new KafkaOwnerLog(reader, kafka, topics.State.Name),
            topology.Collector.Name,
            topology.Kafka.Partitions,
            topology.Restart,
            instruments,
            time,
            what => CollectorLog.Ownership(log, what));
        var ownership = new CollectorOwnership(topology, kafka, owner);
        try
        {
            var restore = new StateRestore(
                new KafkaTailSource(reader), topics, topology.Restart, topology.Candles, instruments, time, new RestoreLog(metrics, log));
            await ownership.BeginAsync(restore, marketClock, cancellation);
            return ownership;
        }
        catch
        {
            await ownership.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything is flushed: says that nothing more will come.</summary>
    public Task ReleaseAsync(CancellationToken cancellation) => _owner.ReleaseAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        _kafka.Lost -= _onLost;
        await _owner.DisposeAsync();
    }

    private static SequenceRules? RulesOf(TopologyFile topology, string venue) =>
        topology.Venues.FirstOrDefault(one => one.Name == venue) is { } options
            ? KnownVenues.Adapter(venue).RulesFor(options.TradeSource)
            : null;

    private async Task BeginAsync(StateRestore restore, TimeProvider marketClock, CancellationToken cancellation)
    {
        var tables = await _owner.ClaimAsync(cancellation);
        _kafka.LogId = _owner.LogId;
        var restored = await restore.RestoreAsync(tables, _owner.LogId, MarketTime.Now(marketClock), cancellation);
        var epochs = await _owner.OwnAsync();
        for (var partition = 0; partition < restored.Count; partition++)
        {
            _kafka.SetEpoch(partition, epochs[partition]);
            _kafka.SetEnds(partition, restored[partition].Ends);
        }

        var partitions = _topology.Kafka.Partitions;
        Sink = new OwnedSink(
            _kafka,
            _kafka.EndsOf,
            [.. restored.Select(one => one.Ends)],
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            () => _owner.MayWrite,
            _owner.TellLost);
        States = new RestoredStates(restored.Select(one => one.Partition));
        foreach (var (partition, _) in restored)
        {
            await WriteMissingAsync(partition, cancellation);
        }
    }

    /// <summary>Holes first: what is in them comes out of order.</summary>
    private async Task WriteMissingAsync(RestoredPartition restored, CancellationToken cancellation)
    {
        var batch = new MarketBatch { Lane = restored.Partition % _topology.Graph.Lanes };
        foreach (var gap in restored.GapsToWrite)
        {
            batch.Add(gap);
        }

        foreach (var candle in restored.CandlesToWrite)
        {
            batch.Add(candle);
        }

        if (batch.Events.Count > 0)
        {
            await Sink.WriteAsync(batch, cancellation);
            await Sink.FlushAsync(cancellation);
        }
    }
}
