using Pipeline.Kafka.Reader;
using Pipeline.Kafka.State;
using Pipeline.Kafka.Topics;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Kafka.State;

public sealed class TailPrefetchTests
{
    [Fact]
    public async Task ReadAsync_NothingIsReadAnyMore_DoesNotWaitForWhatDoesNotCome()
    {
        await using var harness = BrokerHarness.Start();
        await using var sink = await harness.StartSinkAsync();
        var topics = TopicCatalog.Of(harness.Options);
        var tail = await TailPrefetch.BeginAsync(new KafkaReader(harness.Options), topics, 0, null, 10);
        await tail.DisposeAsync();

        var records = await tail.ReadAsync(
            new LogStretch(topics.Trades.Name, 0, 0, 1), TimeSpan.FromHours(1), new TestTimeProvider(), harness.Cancellation);

        Assert.Null(records);
    }
}
