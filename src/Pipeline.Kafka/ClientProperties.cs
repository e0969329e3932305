using Pipeline.Core.Topology;

namespace Pipeline.Kafka;

/// <summary>
/// Settings of each kind of Kafka client: ours first, <see cref="KafkaOptions.Properties"/> on top, except those that only we may decide.
/// </summary>
internal static class ClientProperties
{
    /// <summary>For plain requests.</summary>
    public static Dictionary<string, string> ForRequests(KafkaOptions options) => Merge(Common(options), options);

    public static Dictionary<string, string> ForProducer(KafkaOptions options)
    {
        var properties = Common(options);

        // A partition's log is always a prefix of what was handed over: nothing is given up after a time, overtaken or skipped.
        properties["acks"] = "all";
        properties["enable.idempotence"] = "true";
        properties["max.in.flight.requests.per.connection"] = "5";
        properties["message.timeout.ms"] = "0";
        properties["enable.gapless.guarantee"] = "true";

        // The one timer on the data path.
        properties["linger.ms"] = "1";

        // Whichever is reached first is back pressure. A record costs the client several hundred bytes beside its value.
        properties["queue.buffering.max.kbytes"] = "65536";
        properties["queue.buffering.max.messages"] = "100000";

        // Topics are created and checked before they are first named; a producer must not make one up with other settings.
        properties["allow.auto.create.topics"] = "false";
        properties["statistics.interval.ms"] = "0";
        return Merge(properties, options);
    }

    /// <summary>For a reader that is told its partitions and commits nothing.</summary>
    public static Dictionary<string, string> ForReader(KafkaOptions options)
    {
        var properties = Common(options);

        // The client insists on a group name even when it never joins one.
        properties["group.id"] = "pipeline-reader";
        properties["enable.auto.commit"] = "false";
        properties["enable.auto.offset.store"] = "false";
        properties["auto.offset.reset"] = "earliest";
        properties["enable.partition.eof"] = "true";
        properties["allow.auto.create.topics"] = "false";
        if (options.Embedded)
        {
            // It answers a waiting fetch when its time is over, not when a record comes: what is waited for is added to every record's way.
            properties["fetch.wait.max.ms"] = "10";
        }

        return Merge(properties, options);
    }

    /// <summary>For a place in the group that shares partitions out; reads nothing that matters.</summary>
    public static Dictionary<string, string> ForGroup(KafkaOptions options, RestartOptions restart)
    {
        var properties = Common(options);
        properties["group.id"] = restart.Group ?? throw new KafkaClientException("restart.group is not set.");

        // What moves is as little as possible; revoked and assigned apart does no harm, who writes is settled elsewhere.
        properties["partition.assignment.strategy"] = "cooperative-sticky";
        properties["session.timeout.ms"] = Milliseconds(restart.GroupSession);
        properties["heartbeat.interval.ms"] = Milliseconds(restart.GroupSession / 4);
        properties["enable.auto.commit"] = "false";
        properties["enable.auto.offset.store"] = "false";
        properties["auto.offset.reset"] = "latest";
        properties["allow.auto.create.topics"] = "false";

        // A state each that is thrown away.
        properties["queued.max.messages.kbytes"] = "1024";
        properties["fetch.message.max.bytes"] = "65536";
        return Merge(properties, options);
    }

    private static string Milliseconds(TimeSpan span) =>
        ((long)span.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Common(KafkaOptions options) => new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = options.BootstrapServers,
        ["client.id"] = "pipeline",

        // The library's default of 10 s would stretch an outage of the broker by as much.
        ["reconnect.backoff.max.ms"] = "1000",
    };

    // The reader of topologies refuses them too; here come the options of those who write none.
    private static Dictionary<string, string> Merge(Dictionary<string, string> properties, KafkaOptions options)
    {
        var refused = options.Properties
            .Select(one => (Name: one.Key, Reason: KafkaProperties.ReasonAgainst(one.Key, one.Value)))
            .Where(one => one.Reason is not null)
            .Select(one => $"{one.Name} cannot be set: {one.Reason}")
            .ToList();
        if (refused.Count > 0)
        {
            throw new KafkaClientException($"kafka.properties: {string.Join("; ", refused)}.");
        }

        foreach (var (name, value) in options.Properties)
        {
            properties[name] = value;
        }

        return properties;
    }
}
