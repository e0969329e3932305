using System.Text;
using Pipeline.Kafka.Reader;

namespace Pipeline.Tests.Kafka;

public sealed class EpochFenceTests
{
    private readonly EpochFence _fence = new();

    [Fact]
    public void IsStale_BelowTheHighestOfItsPartition_IsDroppedAndCounted()
    {
        Assert.False(_fence.IsStale(Record("md.trades", 0, "5")));
        Assert.False(_fence.IsStale(Record("md.trades", 0, "9")));
        Assert.True(_fence.IsStale(Record("md.trades", 0, "5")));
        Assert.False(_fence.IsStale(Record("md.trades", 0, "9")));
        Assert.Equal(1, _fence.Dropped);
    }

    [Fact]
    public void IsStale_OtherPartitionOrTopic_IsAnotherMatter()
    {
        Assert.False(_fence.IsStale(Record("md.trades", 0, "9")));
        Assert.False(_fence.IsStale(Record("md.trades", 1, "5")));
        Assert.False(_fence.IsStale(Record("md.gaps", 0, "5")));
        Assert.Equal(0, _fence.Dropped);
    }

    [Theory]
    [InlineData("#owner", false)]
    [InlineData("#log", false)]
    [InlineData("#p0", true)]
    [InlineData("binance:BTC-USDT", true)]
    public void IsStale_ClaimsComeFromWhoOwnsNothingYet(string key, bool isStale)
    {
        _fence.IsStale(Record("md.state", 0, "9"));
        Assert.Equal(isStale, _fence.IsStale(Record("md.state", 0, "0", key)));
    }

    [Fact]
    public void IsStale_NoEpochsAtAll_NothingIs()
    {
        Assert.False(_fence.IsStale(Record("md.health", 0, null)));
        Assert.False(_fence.IsStale(Record("md.health", 0, "0")));
        Assert.False(_fence.IsStale(Record("md.health", 0, "nonsense")));
    }

    private static KafkaRecord Record(string topic, int partition, string? epoch, string key = "k") => new(
        topic, partition, 0, 0, Encoding.UTF8.GetBytes(key), [1],
        epoch is null ? [] : [new KeyValuePair<string, byte[]?>("epoch", Encoding.ASCII.GetBytes(epoch))]);
}
