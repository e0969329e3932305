using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Looks at a cluster through plain metadata and offset requests, which never create a topic and which the embedded broker answers.
/// Calls block until answered or timed out; <see cref="KafkaClientException"/> tells what failed.
/// </summary>
internal sealed unsafe class ClusterView : IDisposable
{
    // How the embedded broker's native half names every cluster it makes.
    private const string EmbeddedClusterId = "mockCluster";

    private readonly ClientHandle _client;

    public ClusterView(KafkaOptions options)
    {
        using var configuration = new ClientConfiguration();
        configuration.Set(ClientProperties.ForRequests(options));
        configuration.DiscardLog();
        _client = ClientHandle.Open(configuration);
        Servers = options.BootstrapServers;
    }

    /// <summary>The brokers that are asked, for messages.</summary>
    public string Servers { get; }

    /// <summary>Every topic the cluster shows us, by name.</summary>
    public IReadOnlyDictionary<string, TopicShape> Topics(TimeSpan timeout)
    {
        var error = TryReadTopics(timeout, out var topics);
        return error == ErrorCode.None ? topics : throw NoAnswer(timeout, error);
    }

    /// <summary>As <see cref="Topics"/>; anything but <see cref="ErrorCode.None"/> when no broker has answered.</summary>
    public ErrorCode TryReadTopics(TimeSpan timeout, out IReadOnlyDictionary<string, TopicShape> found)
    {
        var topics = new Dictionary<string, TopicShape>(StringComparer.Ordinal);
        found = topics;
        var error = KafkaNative.rd_kafka_metadata(_client.DangerousGetHandle(), 1, 0, out var metadata, (int)timeout.TotalMilliseconds);
        if (error != ErrorCode.None)
        {
            return error;
        }

        foreach (ref readonly var topic in new ReadOnlySpan<TopicMetadata>(metadata->Topics, metadata->TopicCount))
        {
            if (topic.Error == ErrorCode.None)
            {
                var replicas = topic.PartitionCount > 0 ? topic.Partitions[0].ReplicaCount : 0;
                topics[Marshal.PtrToStringUTF8(topic.Name)!] = new TopicShape(topic.PartitionCount, replicas);
            }
        }

        KafkaNative.rd_kafka_metadata_destroy(metadata);
        return ErrorCode.None;
    }

    /// <summary>What to tell when nobody has answered for a while.</summary>
    public KafkaClientException NoAnswer(TimeSpan waited, ErrorCode error)
    {
        var seconds = waited.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new KafkaClientException(
            $"No Kafka broker answers at {Servers} within {seconds} s ({ErrorCodes.TextOf(error)}). "
            + $"Is it running? 'pipeline up' starts a local one. Otherwise check kafka.bootstrapServers, {KafkaOptions.ServersVariable} and kafka.properties.");
    }

    /// <summary>
    /// True when the brokers are <c>pipeline broker</c>, whatever the topology says. To be asked after <see cref="Topics"/>, whose
    /// answer carries the id: without one, silence would be taken for a real cluster.
    /// </summary>
    public bool IsEmbedded(TimeSpan timeout)
    {
        var id = KafkaNative.rd_kafka_clusterid(_client.DangerousGetHandle(), (int)timeout.TotalMilliseconds);
        if (id == 0)
        {
            return false;
        }

        var embedded = Marshal.PtrToStringUTF8(id)!.StartsWith(EmbeddedClusterId, StringComparison.Ordinal);
        KafkaNative.rd_kafka_mem_free(_client.DangerousGetHandle(), id);
        return embedded;
    }

    /// <summary>First offset there is and the offset the next record will get.</summary>
    public (long Low, long High) Offsets(string topic, int partition, TimeSpan timeout)
    {
        var error = KafkaNative.rd_kafka_query_watermark_offsets(
            _client.DangerousGetHandle(), topic, partition, out var low, out var high, (int)timeout.TotalMilliseconds);
        return error == ErrorCode.None
            ? (low, high)
            : throw new KafkaClientException($"The offsets of {topic}[{partition}] cannot be read: {ErrorCodes.TextOf(error)}.");
    }

    public void Dispose() => _client.Dispose();
}
