using System.Globalization;

namespace Pipeline.Core.Topology;

/// <summary>
/// Which properties of librdkafka the product decides itself: the one list of them, aliases included. Set past the product they would
/// break silently what readers of the topics rely on, or stop the data path. All others are the user's.
/// </summary>
public static class KafkaProperties
{
    // The library takes any property of a topic under this prefix too.
    private const string TopicPrefix = "topic.";
    private const string CallbackSuffix = "_cb";
    private const string EmulationPrefix = "test.mock.";

    // Idempotence keeps the order of up to five requests; fewer keep it too.
    private const string UnderWay = "max.in.flight.requests.per.connection";
    private const int MostUnderWay = 5;

    private static readonly Dictionary<string, string> Reasons = Collect(
        ("write it as kafka.bootstrapServers", ["bootstrap.servers", "metadata.broker.list"]),
        ("records are placed by instrument", ["partitioner", "msg_order_cmp"]),
        ("a record counts as written when every replica in sync has it", ["acks", "request.required.acks"]),
        ("a partition's log is always a prefix of what was handed over: nothing is written twice, skipped or overtaken",
            ["enable.idempotence", "enable.gapless.guarantee", "max.in.flight", "max.in.flight.requests.per.connection",
             "queuing.strategy"]),
        ("a record is never given up: while the brokers are away the exchange is not read",
            ["message.timeout.ms", "delivery.timeout.ms", "retries", "message.send.max.retries"]),
        ("records are not written in transactions", ["transactional.id", "transaction.timeout.ms"]),
        ("without a report of every delivery the data path would wait for ever", ["delivery.report.only.error", "enabled_events"]),
        ("the collector passes the client's errors, log and figures on itself",
            ["log.queue", "statistics.interval.ms", "opaque", "interceptors", "default_topic_conf"]),
        ("topics are created with the settings they need, or not at all: see kafka.createTopics", ["allow.auto.create.topics"]),
        ("readers choose their partitions and offsets, join no group and commit nothing",
            ["group.id", "group.instance.id", "group.protocol", "group.protocol.type", "group.remote.assignor",
             "partition.assignment.strategy", "enable.auto.commit", "auto.commit.enable", "auto.commit.interval.ms",
             "enable.auto.offset.store", "offset.store.method", "offset.store.path", "offset.store.sync.interval.ms",
             "auto.offset.reset", "enable.partition.eof"]));

    /// <summary>Why a property must not be set to this; null when it may be. Of what the product decides, some may be made stricter.</summary>
    public static string? ReasonAgainst(string name, string value) =>
        name == UnderWay && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostUnderWay
            ? null
            : ReasonAgainst(name);

    /// <summary>Why a property must not be set by the user; null when it may be, known to the library or not.</summary>
    /// <param name="name">The library's name of it, such as <c>acks</c>.</param>
    public static string? ReasonAgainst(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = name.StartsWith(TopicPrefix, StringComparison.Ordinal) ? name[TopicPrefix.Length..] : name;
        if (plain.EndsWith(CallbackSuffix, StringComparison.Ordinal))
        {
            return "it is set by a program, not by text";
        }

        return plain.StartsWith(EmulationPrefix, StringComparison.Ordinal)
            ? "it would replace the brokers; for a broker of this machine write kafka.embedded: true"
            : Reasons.GetValueOrDefault(plain);
    }

    private static Dictionary<string, string> Collect(params ReadOnlySpan<(string Reason, string[] Names)> groups)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (reason, names) in groups)
        {
            foreach (var name in names)
            {
                reasons.Add(name, reason);
            }
        }

        return reasons;
    }
}
