using Pipeline.Kafka.Partitioning;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>Which partitions' instruments a collector takes: those it owns and those it is about to. Safe from any thread.</summary>
internal sealed class OwnedPartitions(int partitions)
{
    private readonly bool[] _taken = new bool[partitions];

    public bool this[int partition]
    {
        get => Volatile.Read(ref _taken[partition]);
        set => Volatile.Write(ref _taken[partition], value);
    }

    /// <param name="key">Such as <c>binance:BTC-USDT</c>.</param>
    public bool Has(string key) => this[InstrumentPartitioner.PartitionOf(key, partitions)];
}
