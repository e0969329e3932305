using Pipeline.Kafka.Partitioning;

namespace Pipeline.Tests.Kafka;

public sealed class InstrumentPartitionerTests
{
    [Theory]
    [InlineData("21", (-973932308 & 0x7fffffff) % 12)]
    [InlineData("abc", 479470107 % 12)]
    [InlineData("binance:BTC-USDT", 3)]
    [InlineData("binance:ETH-USDT", 6)]
    [InlineData("binance:BTC-USDT-PERP", 5)]
    [InlineData("okx:BTC-USDT", 5)]
    public void PartitionOf_Key_IsFixedForEver(string key, int expected) =>
        Assert.Equal(expected, InstrumentPartitioner.PartitionOf(key, 12));

    [Fact]
    public void PartitionOf_ManyInstruments_UsesEveryPartition()
    {
        var partitions = Enumerable.Range(0, 500).Select(i => InstrumentPartitioner.PartitionOf($"binance:I{i}-USDT", 12));
        Assert.Equal(12, partitions.Distinct().Count());
    }

    [Fact]
    public void PartitionOf_NoPartitions_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InstrumentPartitioner.PartitionOf("a", 0));
}
