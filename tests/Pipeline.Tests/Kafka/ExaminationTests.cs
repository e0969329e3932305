using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Kafka.Examination;
using Pipeline.Kafka.Topics;

namespace Pipeline.Tests.Kafka;

/// <summary>What is made of the answers of a cluster that has permissions and settings, which the embedded broker has not.</summary>
public sealed class ExaminationTests
{
    private static readonly AclOperation[] All = [AclOperation.Describe, AclOperation.Read, AclOperation.Write, AclOperation.DescribeConfigs];

    [Fact]
    public void Permissions_WriteIsMissingSomewhere_NamesTopicsAndTheCommand()
    {
        var result = TopicPermissions.Judge(
            new Dictionary<string, IReadOnlyList<AclOperation>?>
            {
                ["md.trades"] = [AclOperation.Describe, AclOperation.Read],
                ["md.quotes"] = All,
                ["md.state"] = [AclOperation.Describe],
            },
            "kafka:9092");

        Assert.Equal(
            "The brokers do not permit us (ACL denied) to read md.state; write md.trades, md.state. Have it granted to the user of kafka.properties, for each "
            + "topic: kafka-acls --bootstrap-server kafka:9092 --add --allow-principal User:NAME --operation Read --operation Write --topic md.trades",
            result.Problem);
    }

    [Fact]
    public void Permissions_AllThereOrNotTold_IsNoProblem()
    {
        Assert.Equal("1 topics may be described, read and written", TopicPermissions.Judge(
            new Dictionary<string, IReadOnlyList<AclOperation>?> { ["md.trades"] = All }, "kafka:9092").Facts);
        var untold = TopicPermissions.Judge(new Dictionary<string, IReadOnlyList<AclOperation>?> { ["md.trades"] = null }, "kafka:9092");
        Assert.Null(untold.Problem);
        Assert.Contains("do not say", untold.Facts, StringComparison.Ordinal);
    }

    [Fact]
    public void NoAnswer_PasswordRefused_SaysSoAndNotThatAllAreDown()
    {
        Error[] met =
        [
            new(ErrorCode.Local_Authentication, "SASL authentication error: wrong password"), new(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"),
        ];
        var text = ConnectionAdvice.Of("kafka:9092", TimeSpan.FromSeconds(2), met, new Error(ErrorCode.Local_Transport));

        Assert.StartsWith("No Kafka broker answers at kafka:9092 within 2 s: SASL authentication error: wrong password. Check security.protocol", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NoAnswer_Refused_SaysHowToStartOne()
    {
        Error[] met = [new(ErrorCode.Local_Transport, "Connect to 127.0.0.1:1 failed: Connection refused"), new(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down")];
        var text = ConnectionAdvice.Of("127.0.0.1:1", TimeSpan.FromSeconds(2), met, new Error(ErrorCode.Local_TimedOut));

        Assert.Contains("Connection refused. Is it running? 'pipeline up' starts a local one", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Review_RetentionShorterThanWanted_IsAWarningWithTheCommand()
    {
        var gaps = new TopicDefinition("md.gaps", 4, "gap/1", "", new Dictionary<string, string> { ["cleanup.policy"] = "compact,delete", ["retention.ms"] = "604800000" });
        TopicReview Review(string retention) => TopicReview.Of(
            [gaps],
            new Dictionary<string, TopicShape> { ["md.gaps"] = new(4, 3) },
            new Dictionary<string, TopicSettings>
            {
                ["md.gaps"] = new([new("cleanup.policy", "compact,delete", false), new("retention.ms", retention, false), new("min.insync.replicas", "2", false)]),
            },
            "kafka:9092");

        Assert.Equal(
            "md.gaps: retention.ms is 3600000, wanted are 604800000, so what a restart must know may be gone. kafka-configs --bootstrap-server kafka:9092 "
            + "--alter --entity-type topics --entity-name md.gaps --add-config 'retention.ms=604800000'",
            Assert.Single(Review("3600000").Warnings));
        Assert.Empty(Review("-1").Warnings);
        Assert.Empty(Review("604800000").Warnings);
    }
}
