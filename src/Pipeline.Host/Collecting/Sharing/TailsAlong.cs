using Pipeline.Core.Market;
using Pipeline.Kafka;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>The tails of partitions that others still write and that are about to be ours, so that little is left to be read when they end.</summary>
internal sealed class TailsAlong
{
    private static readonly TimeSpan FirstRecord = TimeSpan.FromSeconds(1);

    private readonly ShareParts _parts;
    private readonly TopicCatalog _topics;
    private readonly KafkaReader _reader;
    private readonly PartitionSlots<TailPrefetch> _tails;

    public TailsAlong(ShareParts parts)
    {
        _parts = parts;
        _topics = TopicCatalog.Of(parts.Topology.Kafka);
        _reader = new KafkaReader(parts.Topology.Kafka);
        _tails = new PartitionSlots<TailPrefetch>(parts.Topology.Kafka.Partitions);
    }

    /// <summary>The tail that is read along of a partition; null = none is.</summary>
    public TailPrefetch? Find(int partition) => _tails[partition];

    /// <summary>Begins to read along, where another has the partition; completes when reading it has been tried.</summary>
    public async Task BeginAsync(int partition, CancellationToken cancellation)
    {
        var turn = _tails.TurnOf(partition);
        if (!_parts.Owner.Standings.Any(one => one.Partition == partition && one.Phase == OwnerPhase.Preparing))
        {
            return;
        }

        try
        {
            var marker = await _parts.Owner.MarkerAsync(partition, cancellation);
            var tail = await TailPrefetch.BeginAsync(_reader, _topics, partition, marker, _parts.Topology.Restart.Lookback);
            if (await _tails.KeepAsync(partition, turn, tail))
            {
                await RehearseAsync(tail, cancellation);
            }
        }
        catch (KafkaClientException error)
        {
            CollectorLog.Ownership(_parts.Log, $"partition {partition} could not be read along: {error.Message}");
        }
    }

    /// <summary>Nothing of the partition is to be read along any more.</summary>
    public Task EndAsync(int partition) => _tails.EndAsync(partition);

    /// <summary>What is read of tails up to where they end.</summary>
    public PrefetchedTails SourceOf(IReadOnlyList<(TailPrefetch Tail, PartitionEnds Ends)> tails) =>
        new(tails, _topics, new KafkaTailSource(_reader), _parts.Time);

    /// <summary>Folds what is there and throws it away: what is done for the first time takes longest, and then somebody waits for it.</summary>
    private async Task RehearseAsync(TailPrefetch tail, CancellationToken cancellation)
    {
        await tail.BegunAsync(FirstRecord, _parts.Time, cancellation);
        var tables = await _parts.Owner.ReadTablesAsync([new PartitionClaim(tail.Partition, -1, TakeOver.Free, 0, 0, null)], cancellation);
        await _parts.MakeRehearsal(SourceOf([(tail, tail.EndsOf(_topics))]))
            .RestoreAsync(tables, _parts.Kafka.LogId, MarketTime.Now(_parts.MarketClock), cancellation);
    }
}
