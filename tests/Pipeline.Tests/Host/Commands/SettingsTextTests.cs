using Pipeline.Core.Topology;
using Pipeline.Host.Commands;
using Pipeline.Kafka.Topics;

namespace Pipeline.Tests.Host.Commands;

public sealed class SettingsTextTests
{
    private static readonly TopicDefinition Candles = TopicCatalog.Of(new KafkaOptions()).Candles;

    [Fact]
    public void Of_EmbeddedBroker_IsOnlyWhatIsWanted() => Assert.Equal(
        "wanted      cleanup.policy=compact,delete, segment.ms=3600000, min.cleanable.dirty.ratio=0.2, delete.retention.ms=86400000 "
        + "(the embedded broker keeps no settings)",
        SettingsText.Of(Candles, null));

    [Fact]
    public void Of_Cluster_IsWhatItHasAndWhereThatDiffers()
    {
        var actual = new TopicSettings(
        [
            new("cleanup.policy", "delete,compact", false),
            new("compression.type", "producer", true),
            new("min.insync.replicas", "1", true),
            new("retention.ms", "600000", false),
            new("segment.ms", "604800000", true),
        ]);

        Assert.Equal(
            "settings    cleanup.policy=delete,compact, min.insync.replicas=1, retention.ms=600000, "
            + "segment.ms=604800000 (wanted 3600000)",
            SettingsText.Of(Candles, actual));
    }

    [Fact]
    public void Of_TopicOfOthers_IsWhatItHas()
    {
        Assert.Equal("settings    a=1", SettingsText.Of(null, new TopicSettings([new("a", "1", false), new("b", "2", true)])));
        Assert.Null(SettingsText.Of(null, null));
    }

    [Fact]
    public void Of_ClusterThatDoesNotShowThem_SaysWhy() =>
        Assert.Equal("settings    cannot be read: not allowed", SettingsText.Of(Candles, new TopicSettings([], "not allowed")));
}
