using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Partitioning;

namespace Pipeline.Gateway.Hub;

/// <summary>The partitions of the log that is read, and whether they have been read. Changed by the hub's thread alone.</summary>
internal sealed class PartitionTable
{
    private PartitionLog?[][] _byTopic = None();
    private IReadOnlyList<PartitionLog> _all = [];

    /// <summary>For any thread, as far as <see cref="PartitionLog.Describe"/> goes.</summary>
    public IReadOnlyList<PartitionLog> All => Volatile.Read(ref _all);

    /// <summary>Partitions of a topic; 0 before a log began.</summary>
    public int Count { get; private set; }

    /// <summary>Partitions that have not been read to where their end was at the start.</summary>
    public int Behind { get; private set; }

    public void Begin(LogBeginning log)
    {
        _byTopic = None();
        Count = 0;
        foreach (var topic in log.Partitions.GroupBy(partition => partition.Topic))
        {
            var logs = new PartitionLog?[topic.Max(partition => partition.Partition) + 1];
            foreach (var partition in topic)
            {
                logs[partition.Partition] = new PartitionLog(partition);
            }

            _byTopic[(int)topic.Key] = logs;
            Count = Math.Max(Count, logs.Length);
        }

        Volatile.Write(ref _all, [.. _byTopic.SelectMany(static topic => topic).OfType<PartitionLog>()]);
        Behind = All.Count(one => !one.IsCaughtUp);
    }

    public PartitionLog? Of(TopicKind topic, int partition) =>
        (uint)partition < (uint)_byTopic[(int)topic].Length ? _byTopic[(int)topic][partition] : null;

    /// <summary>-1 before a log began.</summary>
    public int PartitionOf(string instrument) => Count == 0 ? -1 : InstrumentPartitioner.PartitionOf(instrument, Count);

    /// <summary>Offset of the next record in the partition where a stream's records lie; -1 before a log began.</summary>
    public long PositionOf(MarketStream stream) => Of(TopicKinds.Of(stream.Kind), PartitionOf(stream))?.Position ?? -1;

    public int PartitionOf(MarketStream stream) => stream.Partition >= 0 ? stream.Partition : PartitionOf(stream.Instrument);

    /// <summary>Offset after which everything of a stream is in its window, by what was read of its partition.</summary>
    public long CompleteAfter(MarketStream stream) =>
        Of(TopicKinds.Of(stream.Kind), PartitionOf(stream.Instrument)) is { } log ? log.Start - 1 : long.MaxValue;

    /// <summary>False for a record that was read before.</summary>
    public bool TryAdvance(PartitionLog log, long offset, long timestamp)
    {
        var wasBehind = !log.IsCaughtUp;
        if (!log.TryAdvance(offset, timestamp))
        {
            return false;
        }

        Behind -= wasBehind && log.IsCaughtUp ? 1 : 0;
        return true;
    }

    /// <summary>Nothing more comes before this offset.</summary>
    public void Reached(PartitionLog log, long offset)
    {
        var wasBehind = !log.IsCaughtUp;
        log.Reached(offset);
        Behind -= wasBehind && log.IsCaughtUp ? 1 : 0;
    }

    private static PartitionLog?[][] None() => [.. Enumerable.Range(0, TopicKinds.Count).Select(_ => Array.Empty<PartitionLog?>())];
}
