using Pipeline.Core.Market;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Tests.Kafka;

public sealed class KafkaReaderTests : IAsyncLifetime
{
    private readonly BrokerHarness _harness = BrokerHarness.Start();
    private KafkaSink _sink = null!;

    private KafkaReader Reader => new(_harness.Options);

    public async Task InitializeAsync() => _sink = await _harness.StartSinkAsync();

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task ReadAsync_FromTheBeginning_EndsWithTheLastRecordThereWas()
    {
        await WriteAsync(0, 25);
        Assert.Equal(25, (await ReadAsync(new ReadRequest { Topics = ["md.trades"] })).Count);
    }

    [Fact]
    public async Task ReadAsync_EmptyTopics_EndAtOnce() =>
        Assert.Empty(await ReadAsync(new ReadRequest { Topics = ["md.trades", "md.quotes"] }));

    [Fact]
    public async Task ReadAsync_LastN_IsPerPartition()
    {
        await WriteAsync(0, 25);
        var records = await ReadAsync(new ReadRequest { Topics = ["md.trades"], Start = ReadStart.Last(3) });
        Assert.Equal([22, 23, 24], records.Select(record => record.Offset));
    }

    [Fact]
    public async Task ReadAsync_OtherPartitions_AreLeftOut()
    {
        await WriteAsync(0, 25);
        var topic = await Reader.DescribeTopicAsync("md.trades");
        var partition = Assert.Single(topic.Partitions, partition => partition.Records > 0).Partition;
        var other = (partition + 1) % BrokerHarness.Partitions;
        Assert.Empty(await ReadAsync(new ReadRequest { Topics = ["md.trades"], Partitions = [other] }));
        Assert.Equal(25, (await ReadAsync(new ReadRequest { Topics = ["md.trades"], Partitions = [partition] })).Count);
    }

    [Fact]
    public async Task ReadAsync_FollowFromTheEnd_SeesOnlyWhatComesLater()
    {
        await WriteAsync(0, 5);
        var request = new ReadRequest { Topics = ["md.trades"], Start = ReadStart.Last(1), Follow = true, Capacity = 1 };
        await using var records = Reader.ReadAsync(request, _harness.Cancellation).GetAsyncEnumerator(_harness.Cancellation);
        Assert.True(await records.MoveNextAsync());
        Assert.Equal(4, records.Current.Offset);
        await WriteAsync(5, 3);
        for (var offset = 5; offset < 8; offset++)
        {
            Assert.True(await records.MoveNextAsync());
            Assert.Equal(offset, records.Current.Offset);
        }
    }

    [Fact]
    public async Task ReadAsync_BrokerGoesAndComesBack_GoesOn()
    {
        await WriteAsync(0, 5);
        await using var records = Reader
            .ReadAsync(new ReadRequest { Topics = ["md.trades"], Follow = true }, _harness.Cancellation)
            .GetAsyncEnumerator(_harness.Cancellation);
        for (var offset = 0; offset < 5; offset++)
        {
            Assert.True(await records.MoveNextAsync());
        }

        await _harness.Broker.DownAsync();
        _harness.Broker.Up();
        await WriteAsync(5, 1);
        Assert.True(await records.MoveNextAsync());
        Assert.Equal(5, records.Current.Offset);
    }

    [Fact]
    public async Task ReadAsync_UnknownTopic_NamesThoseThereAre()
    {
        var exception = await Assert.ThrowsAsync<KafkaClientException>(() => ReadAsync(new ReadRequest { Topics = ["md.nothing"] }));
        Assert.Contains("md.trades", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("md.nothing", (await Reader.ListTopicsAsync()).Keys);
    }

    [Fact]
    public async Task ListTopicsAsync_EmbeddedBroker_HasTheCatalogue()
    {
        var topics = await Reader.ListTopicsAsync();
        Assert.Equal(TopicCatalog.Of(_harness.Options).All.Select(topic => topic.Name).Order(), topics.Keys.Order());
        Assert.All(topics.Values, partitions => Assert.Equal(BrokerHarness.Partitions, partitions));
    }

    [Fact]
    public async Task DescribeTopicAsync_AfterWriting_CountsTheRecords()
    {
        await WriteAsync(0, 25);
        var topic = await Reader.DescribeTopicAsync("md.trades");
        Assert.Equal((25, 1), (topic.Records, topic.Replicas));
        Assert.Equal(BrokerHarness.Partitions, topic.Partitions.Count);
    }

    // An admin request could end this process over the embedded broker's answer.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadSettingsAsync_EmbeddedBroker_IsNeverAsked(bool embedded) =>
        Assert.Null(await new KafkaReader(_harness.Options with { Embedded = embedded }).ReadSettingsAsync("md.candles"));

    private async Task WriteAsync(int firstId, int trades)
    {
        var batch = new MarketBatch();
        for (var i = 0; i < trades; i++)
        {
            batch.Add(MarketSamples.Trade(firstId + i));
        }

        await _sink.WriteAsync(batch, _harness.Cancellation);
        await _sink.FlushAsync(_harness.Cancellation);
    }

    private async Task<List<KafkaRecord>> ReadAsync(ReadRequest request)
    {
        var records = new List<KafkaRecord>();
        await foreach (var record in Reader.ReadAsync(request, _harness.Cancellation))
        {
            records.Add(record);
        }

        return records;
    }
}
