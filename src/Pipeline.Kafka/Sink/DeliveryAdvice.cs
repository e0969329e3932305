using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Sink;

/// <summary>What to do about an error of Kafka's, for those errors of which we know it.</summary>
internal static class DeliveryAdvice
{
    /// <summary>The library's words, and behind them what mends it.</summary>
    public static string Describe(ErrorCode code, string topic) => For(code, topic) is { } advice
        ? $"{ErrorCodes.TextOf(code)}. {advice}"
        : $"{ErrorCodes.TextOf(code)}.";

    /// <summary>Null where there is nothing to say beyond the library's words.</summary>
    /// <param name="topic">The topic concerned; empty = none in particular.</param>
    public static string? For(ErrorCode code, string topic) => code switch
    {
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge =>
            $"The brokers take less than the client sends: raise max.message.bytes of {Named(topic)}, "
            + "or set kafka.properties.message.max.bytes to what it allows, so that such records go to the dead letters.",
        ErrorCode.UnknownTopic or ErrorCode.NoSuchTopic or ErrorCode.NoSuchPartition =>
            $"{Capital(Named(topic))} was there at the start and is gone, or has fewer partitions. Create it as 'pipeline topics' shows it "
            + "and start again; brokers must not delete topics of ours.",
        ErrorCode.TopicDenied => $"The user may not write {Named(topic)}: grant WRITE and DESCRIBE on it (kafka-acls --producer).",
        ErrorCode.ClusterDenied =>
            "The user may not write as an idempotent producer: grant IDEMPOTENT_WRITE on the cluster (brokers before 2.8 ask for it).",
        ErrorCode.Authentication or ErrorCode.SaslAuthentication =>
            "The brokers refuse the name or the password: check sasl.mechanism, sasl.username and sasl.password in kafka.properties.",
        ErrorCode.Ssl =>
            "No TLS with the brokers: check security.protocol and ssl.ca.location in kafka.properties, and that the port is the TLS one.",
        ErrorCode.Resolve => "A broker's name cannot be resolved: check kafka.bootstrapServers and the brokers' advertised.listeners.",
        ErrorCode.PolicyViolation or ErrorCode.InvalidRecord =>
            $"A policy of the brokers refuses the record: check the policies and the settings of {Named(topic)}.",
        ErrorCode.TimestampInvalid =>
            $"Our clock and the brokers' are apart: check both, and message.timestamp.before.max.ms of {Named(topic)}.",
        _ => null,
    };

    private static string Named(string topic) => topic.Length == 0 ? "the topic" : topic;

    private static string Capital(string text) => text.StartsWith("the ", StringComparison.Ordinal) ? $"T{text[1..]}" : text;
}
