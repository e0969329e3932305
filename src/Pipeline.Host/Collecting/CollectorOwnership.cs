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
/// The collector's right to write, and from where it goes on. One alone claims all partitions, brings their state to the end of the log
/// and writes what the log lacks; one of a group begins with none. From then on records pass <see cref="Sink"/> for as long as nobody
/// else can own them.
/// </summary>
internal sealed class CollectorOwnership : IAsyncDisposable
{
    // The embedded broker keeps 5 MiB of a partition: between two checkpoints there must be less than that.
    private const int EmbeddedCheckpointTrades = 5_000;

    private readonly KafkaSink _kafka;
    private readonly PartitionOwner _owner;
    private readonly TopologyFile _topology;
    private readonly Action _onLost;

    private CollectorOwnership(TopologyFile topology, KafkaSink kafka, PartitionOwner owner, Func<ITailSource?, IRestoreWatch?, StateRestore> makeRestore)
    {
        _topology = topology;
        _kafka = kafka;
        _owner = owner;
        MakeRestore = source => makeRestore(source, null);
        MakeRehearsal = source => makeRestore(source, new Unheard());
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

    public PartitionOwner Owner => _owner;

    /// <summary>Reads state and tails of partitions that nobody writes to; from the brokers, or from what was read before.</summary>
    public Func<ITailSource?, StateRestore> MakeRestore { get; }

    /// <summary>The same, of which nobody hears.</summary>
    public Func<ITailSource, StateRestore> MakeRehearsal { get; }

    /// <summary>The way of those whose partitions come and go; null for one alone.</summary>
    public SharedSink? Shared { get; private set; }

    public CheckpointOptions Checkpoints => new()
    {
        Interval = _topology.Restart.CheckpointInterval,
        Trades = _topology.Kafka.Embedded ? Math.Min(_topology.Restart.CheckpointTrades, EmbeddedCheckpointTrades) : _topology.Restart.CheckpointTrades,
        StateBytes = _topology.Kafka.Embedded ? _kafka.StateBytesOf : null,
    };

    /// <exception cref="Kafka.KafkaClientException">No broker answers.</exception>
    /// <exception cref="PartitionsLostException">Somebody else claims the partitions, or the brokers went away meanwhile.</exception>
    public static async Task<CollectorOwnership> TakeAsync(
        TopologyFile topology, KafkaSink kafka, PipelineMetrics metrics, TimeProvider time, TimeProvider marketClock, ILogger log,
        CancellationToken cancellation)
    {
        var ownership = await MakeAsync(topology, kafka, metrics, time, log, cancellation);
        try
        {
            await ownership.BeginAsync(marketClock, cancellation);
            return ownership;
        }
        catch
        {
            await ownership.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of a group: owns nothing yet. <see cref="Owner"/> is to be begun by who follows the partitions.</summary>
    public static async Task<CollectorOwnership> ShareAsync(
        TopologyFile topology, KafkaSink kafka, PipelineMetrics metrics, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var ownership = await MakeAsync(topology, kafka, metrics, time, log, cancellation);
        ownership._owner.ExpectSharing();
        ownership.Sink = ownership.Shared = new SharedSink(
            ownership.MakeSink([.. Enumerable.Repeat(default(PartitionEnds), topology.Kafka.Partitions)]),
            topology.Kafka.Partitions,
            topology.Graph.Lanes,
            kafka.SetEnded,
            count => metrics.Dropped("", "foreign-partition", count));
        return ownership;
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

    private static async Task<CollectorOwnership> MakeAsync(
        TopologyFile topology, KafkaSink kafka, PipelineMetrics metrics, TimeProvider time, ILogger log, CancellationToken cancellation)
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
        return new CollectorOwnership(topology, kafka, owner, (source, watch) => new StateRestore(
            source ?? new KafkaTailSource(reader), topics, topology.Restart, topology.Candles, instruments, time,
            watch ?? new RestoreLog(metrics, log)));
    }

    private OwnedSink MakeSink(IReadOnlyList<PartitionEnds> ends)
    {
        var partitions = _topology.Kafka.Partitions;
        return new OwnedSink(
            _kafka,
            _kafka.EndsOf,
            ends,
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            () => _owner.MayWrite,
            _owner.TellLost);
    }

    private async Task BeginAsync(TimeProvider marketClock, CancellationToken cancellation)
    {
        var tables = await _owner.ClaimAsync(cancellation);
        _kafka.LogId = _owner.LogId;
        var restored = await MakeRestore(null).RestoreAsync(tables, _owner.LogId, MarketTime.Now(marketClock), cancellation);
        var epochs = await _owner.OwnAsync(cancellation);
        for (var partition = 0; partition < restored.Count; partition++)
        {
            _kafka.SetEpoch(partition, epochs[partition]);
            _kafka.SetEnds(partition, restored[partition].Ends);
        }

        Sink = MakeSink([.. restored.Select(one => one.Ends)]);
        States = new RestoredStates(restored.Select(one => one.Partition));
        await WhileOwnedAsync(WriteMissingAsync(restored, cancellation), Lost, _kafka, cancellation);
    }

    private async Task WriteMissingAsync(IReadOnlyList<(RestoredPartition Partition, PartitionEnds Ends)> restored, CancellationToken cancellation)
    {
        foreach (var (partition, _) in restored)
        {
            await MissingRecords.WriteAsync(partition, Sink, _topology.Graph.Lanes, cancellation);
        }
    }

    /// <summary>
    /// Nobody watches the lease yet: what would wait for a broker until others own the partitions is given up when it is over.
    /// </summary>
    /// <exception cref="PartitionsLostException">The partitions were lost; nothing of it reaches the log any more.</exception>
    internal static async Task WhileOwnedAsync(Task writing, Task<OwnershipLoss> lost, KafkaSink kafka, CancellationToken cancellation)
    {
        await Task.WhenAny(writing, lost).WaitAsync(cancellation);
        if (lost.IsCompleted || IsRefused(writing))
        {
            await kafka.PurgeAsync(cancellation);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new PartitionsLostException("The partitions were lost before anything was collected", await lost.WaitAsync(cancellation));
        }

        await writing;
    }

    /// <summary>Whoever writes may find out a moment before the loss is told, and does not know all of it.</summary>
    private static bool IsRefused(Task writing) => writing.Exception?.GetBaseException() is PartitionsLostException;

    private sealed class Unheard : IRestoreWatch
    {
        public void Reading(long records, long of, double perSecond)
        {
        }

        public void Ignored(int partition, string reason)
        {
        }

        public void Lacking(int partition, string what)
        {
        }

        public void Dropped(string reason, long records)
        {
        }

        public void Restored(RestoredPartition restored, TimeSpan took)
        {
        }
    }
}
