using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>All topics and partitions the sink writes, and what of them is settled.</summary>
internal sealed class DeliveryLedger
{
    private readonly (TopicLedger Topic, PartitionLedger Partition)[] _partitions;

    public DeliveryLedger(TopicCatalog catalog)
    {
        var topics = new List<TopicLedger>();
        var partitions = new List<(TopicLedger, PartitionLedger)>();
        foreach (var definition in catalog.All)
        {
            var topic = new TopicLedger(definition, topics.Count, partitions.Count);
            topics.Add(topic);
            partitions.AddRange(topic.Partitions.Select(partition => (topic, partition)));
        }

        Topics = [.. topics];
        _partitions = [.. partitions];
        PartitionLedger[] Of(TopicDefinition definition) => topics.First(topic => topic.Name == definition.Name).Partitions;
        var (trades, prices, candles) = (Of(catalog.Trades), Of(catalog.Prices), Of(catalog.Candles));
        var (gaps, states) = (Of(catalog.Gaps), Of(catalog.State));
        Shards = [.. trades.Select((_, number) => new Shard(number, trades[number], prices[number], candles[number], gaps[number], states[number]))];
    }

    /// <summary>In the order of the catalogue.</summary>
    public TopicLedger[] Topics { get; }

    /// <summary>By partition.</summary>
    public Shard[] Shards { get; }

    /// <summary>True while something is neither acknowledged nor given up.</summary>
    public bool IsAnyInFlight
    {
        get
        {
            foreach (var (_, partition) in _partitions)
            {
                if (partition.Settled < partition.Taken)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public SinkCounts Counts
    {
        get
        {
            long taken = 0, acknowledged = 0, failed = 0, bytes = 0;
            foreach (var (_, partition) in _partitions)
            {
                // Settled is read first: read later it could exceed what was read as taken.
                acknowledged += partition.Acknowledged;
                failed += partition.Failed;
                bytes += partition.BytesInFlight;
                taken += partition.Taken;
            }

            return new SinkCounts(taken, acknowledged, failed, bytes);
        }
    }

    public TopicLedger Of(TopicDefinition definition) => Topics.First(topic => topic.Name == definition.Name);

    /// <param name="number">Partitions of all topics numbered through.</param>
    public (TopicLedger Topic, PartitionLedger Partition) At(int number) => _partitions[number];

    /// <summary>Counts as failed what no producer will settle any more, and begins anew.</summary>
    /// <returns>Those that nobody had settled.</returns>
    public long BeginAnew()
    {
        var abandoned = 0L;
        foreach (var (_, partition) in _partitions)
        {
            abandoned += partition.Abandon();
            partition.BeginAnew();
        }

        return abandoned;
    }

    /// <summary>How many records each partition has taken so far.</summary>
    public long[] SnapshotTaken() => Array.ConvertAll(_partitions, entry => entry.Partition.Taken);

    /// <summary>True when everything that <paramref name="taken"/> counted is settled.</summary>
    public bool IsSettled(long[] taken)
    {
        for (var i = 0; i < taken.Length; i++)
        {
            // A record taken at the time of the snapshot may have been given back since.
            var partition = _partitions[i].Partition;
            if (partition.Settled < Math.Min(taken[i], partition.Taken))
            {
                return false;
            }
        }

        return true;
    }
}
