using Pipeline.Core.Topology;
using Pipeline.Kafka;
using Pipeline.Kafka.Topics;

namespace Pipeline.Tests.Kafka;

public sealed class TopicPlanTests
{
    private static readonly IReadOnlyList<TopicDefinition> Wanted = TopicCatalog.Of(new KafkaOptions { Partitions = 6 }).All;

    private static Dictionary<string, TopicShape> All => Wanted.ToDictionary(topic => topic.Name, topic => new TopicShape(topic.Partitions, 3));

    [Fact]
    public void Of_AllThere_NeedsNothing()
    {
        var plan = TopicPlan.Of(Wanted, All, TopicCreation.Never, embedded: true);
        Assert.Null(plan.Problem);
        Assert.Empty(plan.Create);
    }

    [Fact]
    public void Of_SomeMissing_CreatesThoseOnly()
    {
        var there = All;
        there.Remove("md.quotes");
        there.Remove("md.candles");
        var plan = TopicPlan.Of(Wanted, there, TopicCreation.Auto, embedded: false);
        Assert.Null(plan.Problem);
        Assert.Equal(["md.quotes", "md.candles"], plan.Create.Select(topic => topic.Name));
    }

    [Fact]
    public void Of_MissingAndNever_NamesWhatIsMissing()
    {
        var there = All;
        there.Remove("md.quotes");
        var plan = TopicPlan.Of(Wanted, there, TopicCreation.Never, embedded: false);
        Assert.Contains("md.quotes", plan.Problem, StringComparison.Ordinal);
        Assert.Contains("6 partitions", plan.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MissingOnTheEmbeddedBroker_NeverCreates()
    {
        var plan = TopicPlan.Of(Wanted, new Dictionary<string, TopicShape>(), TopicCreation.Auto, embedded: true);
        Assert.NotNull(plan.Problem);
        Assert.Empty(plan.Create);
    }

    [Theory]
    [InlineData(TopicCreation.Auto)]
    [InlineData(TopicCreation.Never)]
    public void Of_OtherPartitionCount_IsRefused(TopicCreation creation)
    {
        var there = All;
        there["md.trades"] = new TopicShape(12, 3);
        var plan = TopicPlan.Of(Wanted, there, creation, embedded: false);
        Assert.Contains("md.trades has 12", plan.Problem, StringComparison.Ordinal);
        Assert.Empty(plan.Create);
    }

    [Fact]
    public void Catalog_Topics_HaveTheContractedCleanup()
    {
        var compacted = new Dictionary<string, string> { ["md.candles"] = "compact,delete", ["md.audit"] = "compact,delete", ["md.health"] = "compact", ["md.instruments"] = "compact", ["md.status"] = "compact" };
        Assert.Equal(
            ["md.trades", "md.quotes", "md.books", "md.tickers", "md.marks", "md.funding", "md.liquidations", "md.prices", "md.candles",
             "md.venue-candles", "md.health", "md.instruments", "md.status", "md.deadletter", "md.audit"],
            Wanted.Select(topic => topic.Name));
        Assert.All(Wanted, topic => Assert.Equal(compacted.GetValueOrDefault(topic.Name, "delete"), topic.CleanupPolicy));
        Assert.All(Wanted, topic => Assert.Equal(6, topic.Partitions));
    }

    [Theory]
    [InlineData("", 12)]
    [InlineData("a b", 12)]
    [InlineData("md", 0)]
    public void Catalog_ImpossibleOptions_AreRefused(string prefix, int partitions) =>
        Assert.Throws<KafkaClientException>(() => TopicCatalog.Of(new KafkaOptions { TopicPrefix = prefix, Partitions = partitions }));
}
