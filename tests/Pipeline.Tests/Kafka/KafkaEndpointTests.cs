using Pipeline.Core.Topology;
using Pipeline.Kafka;

namespace Pipeline.Tests.Kafka;

public sealed class KafkaEndpointTests
{
    private static readonly KafkaOptions Options = new() { BootstrapServers = "127.0.0.1:29092", Embedded = true };

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("127.0.0.1:29092")]
    public void Resolve_NothingElseInTheEnvironment_KeepsTheOptions(string? environment) =>
        Assert.Equal(Options, KafkaEndpoint.Resolve(Options, environment));

    [Fact]
    public void Resolve_OtherServersInTheEnvironment_AreNotTheEmbeddedBroker()
    {
        var resolved = KafkaEndpoint.Resolve(Options, "kafka:9092");
        Assert.Equal("kafka:9092", resolved.BootstrapServers);
        Assert.False(resolved.Embedded);
    }
}
