using Pipeline.Core.Topology;

namespace Pipeline.Kafka;

/// <summary>Which brokers are talked to: the one place where the environment goes before the topology.</summary>
public static class KafkaEndpoint
{
    /// <summary>Brokers, as <c>host:port,host:port</c>; set, it goes before <c>kafka.bootstrapServers</c>.</summary>
    public const string Variable = "KAFKA_BOOTSTRAP_SERVERS";

    /// <summary>The options with the environment applied. Applying it twice changes nothing.</summary>
    public static KafkaOptions Resolve(KafkaOptions options) => Resolve(options, Environment.GetEnvironmentVariable(Variable));

    internal static KafkaOptions Resolve(KafkaOptions options, string? environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.IsNullOrWhiteSpace(environment) || environment == options.BootstrapServers
            ? options
            : options with { BootstrapServers = environment, Embedded = false };
    }
}
