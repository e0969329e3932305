using Pipeline.Core.Topology;
using Pipeline.Kafka;

namespace Pipeline.Tests.Kafka;

public sealed class ClientPropertiesTests
{
    private static readonly KafkaOptions Options = new();

    // Ours by default and the user's to change: they are about speed and memory, not about what the log means.
    private static readonly string[] Tunable =
        ["client.id", "fetch.wait.max.ms", "reconnect.backoff.max.ms", "linger.ms", "queue.buffering.max.kbytes", "queue.buffering.max.messages"];

    [Fact]
    public void For_EveryClient_LeavesTheUserNothingItDependsOn()
    {
        var ours = ClientProperties.ForProducer(Options).Keys
            .Concat(ClientProperties.ForReader(Options).Keys)
            .Concat(ClientProperties.ForRequests(Options).Keys)
            .Distinct();

        Assert.Equal(Tunable.Order(), ours.Where(name => KafkaProperties.ReasonAgainst(name) is null).Order());
    }

    [Fact]
    public void For_PropertiesOfTheUser_GoBeforeOurs()
    {
        var options = Options with { Properties = new Dictionary<string, string> { ["linger.ms"] = "5", ["client.id"] = "mine" } };
        var properties = ClientProperties.ForProducer(options);

        Assert.Equal(("5", "mine"), (properties["linger.ms"], properties["client.id"]));
    }

    [Fact]
    public void For_PropertiesThatAreOurs_AreRefusedByName()
    {
        var options = Options with { Properties = new Dictionary<string, string> { ["topic.acks"] = "1", ["group.id"] = "mine" } };

        Assert.All(
            new Func<KafkaOptions, Dictionary<string, string>>[]
            {
                ClientProperties.ForProducer, ClientProperties.ForReader, ClientProperties.ForRequests,
            },
            make =>
            {
                var refusal = Assert.Throws<KafkaClientException>(() => make(options)).Message;
                Assert.Contains("topic.acks cannot be set: a record counts as written", refusal, StringComparison.Ordinal);
                Assert.Contains("group.id cannot be set: ", refusal, StringComparison.Ordinal);
            });
    }
}
