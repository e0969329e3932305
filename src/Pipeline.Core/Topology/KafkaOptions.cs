namespace Pipeline.Core.Topology;

/// <summary>Where records are written.</summary>
public sealed record KafkaOptions
{
    /// <summary>
    /// Environment variable with brokers, as <c>host:port,host:port</c>. The reader of topologies, and nobody else, lets it go before
    /// the file.
    /// </summary>
    public const string ServersVariable = "KAFKA_BOOTSTRAP_SERVERS";

    /// <summary>Brokers; default <c>127.0.0.1:29092</c>.</summary>
    public string BootstrapServers { get; init; } = "127.0.0.1:29092";

    /// <summary>First part of every topic's name. Default <c>md</c>.</summary>
    public string TopicPrefix { get; init; } = "md";

    /// <summary>Partitions of every topic keyed by instrument, fixed for the life of the prefix. Default 12.</summary>
    public int Partitions { get; init; } = 12;

    /// <summary>Whether missing topics are created. Default <c>auto</c>; ignored on the embedded broker, which creates them itself.</summary>
    public TopicCreation CreateTopics { get; init; } = TopicCreation.Auto;

    /// <summary>True when the brokers are <c>pipeline broker</c>, which must never be asked to create topics. Default true.</summary>
    public bool Embedded { get; init; } = true;

    /// <summary>True: the frames are written to <c>md.raw</c> as they arrive, and the topic is made. Default false.</summary>
    public bool Raw { get; init; }

    /// <summary>How values are written; both are read. Default <see cref="RecordFormat.Json"/>.</summary>
    public RecordFormat Format { get; init; }

    /// <summary>Properties passed to librdkafka as they are, such as <c>security.protocol</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
