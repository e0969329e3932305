using Pipeline.Core.Topology;
using Pipeline.Kafka.Topics;

namespace Pipeline.Tests.Kafka;

public sealed class TopicReviewTests
{
    private static readonly IReadOnlyList<TopicDefinition> Wanted = TopicCatalog.Of(new KafkaOptions()).All;

    [Fact]
    public void Of_TopicsAsCreated_IsContent()
    {
        var review = Review(Settings());

        Assert.Null(review.Problem);
        Assert.Empty(review.Warnings);
    }

    [Theory]
    [InlineData("compact")]
    [InlineData("delete,compact")]
    public void Of_CandlesCompactedInOtherWords_IsContent(string policy) =>
        Assert.Null(Review(Settings(("md.candles", "cleanup.policy", policy))).Problem);

    [Fact]
    public void Of_CandlesNotCompacted_SaysHowToMendIt()
    {
        var problem = Review(Settings(("md.candles", "cleanup.policy", "delete"))).Problem;

        Assert.StartsWith("md.candles has cleanup.policy=delete and needs compact,delete: ", problem, StringComparison.Ordinal);
        Assert.EndsWith(
            "kafka-configs --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name md.candles "
            + "--add-config 'cleanup.policy=[compact,delete]'",
            problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TradesCompacted_IsRefused()
    {
        var problem = Review(Settings(("md.trades", "cleanup.policy", "compact,delete"))).Problem;

        Assert.StartsWith("md.trades has cleanup.policy=compact,delete and needs delete: compaction would leave one", problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneCopy_WarnsOfThatAlone()
    {
        var review = Review(Settings(("md.quotes", "min.insync.replicas", "1")), ("md.quotes", 1));

        Assert.Null(review.Problem);
        Assert.StartsWith("md.quotes: replication factor 1", Assert.Single(review.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneCopyIsEnoughForAnAck_Warns()
    {
        var settings = Settings(("md.trades", "min.insync.replicas", "1"), ("md.quotes", "min.insync.replicas", "1"));
        var warning = Assert.Single(Review(settings).Warnings);

        Assert.StartsWith("md.trades, md.quotes: min.insync.replicas is 1", warning, StringComparison.Ordinal);
        Assert.EndsWith("--entity-name md.trades --add-config 'min.insync.replicas=2'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SettingsNotShown_WarnsAndGoesOn()
    {
        var settings = Settings();
        settings["md.candles"] = new TopicSettings([], "Broker: Topic authorization failed");
        var review = Review(settings);

        Assert.Null(review.Problem);
        Assert.Equal(
            "The settings of md.candles cannot be read and are taken on trust: Broker: Topic authorization failed.",
            Assert.Single(review.Warnings));
    }

    private static TopicReview Review(Dictionary<string, TopicSettings> settings, params (string Topic, int Replicas)[] others)
    {
        var there = Wanted.ToDictionary(topic => topic.Name, topic => new TopicShape(topic.Partitions, 3));
        foreach (var (topic, replicas) in others)
        {
            there[topic] = new TopicShape(there[topic].Partitions, replicas);
        }

        return TopicReview.Of(Wanted, there, settings, "kafka:9092");
    }

    private static Dictionary<string, TopicSettings> Settings(params (string Topic, string Name, string Value)[] others) =>
        Wanted.ToDictionary(topic => topic.Name, topic => new TopicSettings(
        [
            .. topic.Settings.Append(new("min.insync.replicas", "2")).Select(setting => new TopicSetting(
                setting.Key,
                others.FirstOrDefault(other => other.Topic == topic.Name && other.Name == setting.Key).Value ?? setting.Value,
                IsDefault: false)),
        ]));
}
