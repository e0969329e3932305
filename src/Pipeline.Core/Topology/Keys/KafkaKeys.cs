namespace Pipeline.Core.Topology.Keys;

internal static class KafkaKeys
{
    public static Section<KafkaOptions> Make()
    {
        var properties = new MapShape<string>(
            new MapNames("librdkafka property", "security.protocol") { Pattern = "^[a-z0-9_.]+$" }, _ => new TextShape("text"));
        return new Section<KafkaOptions>(() => new KafkaOptions())
            .Key("bootstrapServers", new ServersShape(), o => o.BootstrapServers, (o, v) => o with { BootstrapServers = v },
                $"Brokers, host:port. The environment variable {KafkaOptions.ServersVariable} goes before, and then 'embedded' is false.")
            .Key("topicPrefix",
                new TextShape("letters, digits, '.', '_' or '-'", "^[a-zA-Z0-9._-]{1,100}$", "a prefix is used as in md.trades"),
                o => o.TopicPrefix, (o, v) => o with { TopicPrefix = v }, "First part of every topic's name.")
            .Key("partitions", new IntegerShape(1, 1000), o => o.Partitions, (o, v) => o with { Partitions = v },
                "Partitions of every topic keyed by instrument. Fixed for the life of the prefix.")
            .Key("createTopics", new ChoiceShape<TopicCreation>("way", [("auto", TopicCreation.Auto), ("never", TopicCreation.Never)]),
                o => o.CreateTopics, (o, v) => o with { CreateTopics = v },
                "Whether missing topics are created. The embedded broker creates them itself, whatever stands here.")
            .Key("embedded", new FlagShape(), o => o.Embedded, (o, v) => o with { Embedded = v },
                "True when the broker is 'pipeline broker', which 'pipeline up' then starts.")
            .Key("raw", new FlagShape(), o => o.Raw, (o, v) => o with { Raw = v },
                "Whether the frames are written to md.raw as they arrive, for replay. The topic is made only then.")
            .Key("format", new ChoiceShape<RecordFormat>("format", [("json", RecordFormat.Json), ("protobuf", RecordFormat.Protobuf)]),
                o => o.Format, (o, v) => o with { Format = v },
                "How the values of records are written; what reads them understands both.")
            .Key("properties", properties, _ => null, (o, v) => o with { Properties = v.ToDictionary(StringComparer.Ordinal) },
                "Properties passed to librdkafka as they are, such as security.protocol; those the product decides itself are refused.")
            .Rule(["bootstrapServers", "embedded"], OneAddressWhenEmbedded)
            .Rule(["properties"], NothingReserved);
    }

    private static IEnumerable<Breach> OneAddressWhenEmbedded(KafkaOptions kafka)
    {
        if (kafka.Embedded && kafka.BootstrapServers.Contains(',', StringComparison.Ordinal))
        {
            yield return new Breach("bootstrapServers", "the embedded broker has one address", "name one broker, or write embedded: false");
        }
    }

    private static IEnumerable<Breach> NothingReserved(KafkaOptions kafka)
    {
        foreach (var (name, value) in kafka.Properties)
        {
            if (KafkaProperties.ReasonAgainst(name, value) is { } reason)
            {
                yield return new Breach($"properties.{name}", $"this property cannot be set here: {reason}", "remove it");
            }
        }
    }
}
