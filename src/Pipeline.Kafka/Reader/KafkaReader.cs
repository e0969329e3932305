using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Reader;

/// <summary>
/// Reads topics without a consumer group: partitions and positions are chosen explicitly and nothing is committed, so that any number of
/// readers see everything and disturb nobody.
/// </summary>
public sealed class KafkaReader(KafkaOptions options)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Every topic of the cluster with its number of partitions, by name.</summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    public Task<IReadOnlyDictionary<string, int>> ListTopicsAsync() => Blocking.RunAsync(() =>
    {
        using var cluster = new ClusterView(options);
        return (IReadOnlyDictionary<string, int>)cluster.Topics(RequestTimeout)
            .ToDictionary(topic => topic.Key, topic => topic.Value.Partitions, StringComparer.Ordinal);
    });

    /// <summary>The offsets of every partition of a topic.</summary>
    /// <exception cref="KafkaClientException">No broker answers, or there is no such topic.</exception>
    public Task<TopicDescription> DescribeTopicAsync(string topic) => Blocking.RunAsync(() =>
    {
        using var cluster = new ClusterView(options);
        return Describe(cluster, cluster.Topics(RequestTimeout), topic);
    });

    /// <summary>The settings of a topic; null on the embedded broker, which keeps none.</summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    public async Task<TopicSettings?> ReadSettingsAsync(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return await Blocking.RunAsync(IsEmbedded) ? null : (await TopicSettingsReader.ReadAsync(options, [topic]))[topic];
    }

    /// <summary>
    /// The records asked for, in the order of each partition. Reading goes on in a thread of its own, at most
    /// <see cref="ReadRequest.Capacity"/> records ahead.
    /// </summary>
    /// <exception cref="KafkaClientException">No broker answers at first, or a topic is missing. Later outages are waited out.</exception>
    public async IAsyncEnumerable<KafkaRecord> ReadAsync(
        ReadRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var positions = await Blocking.RunAsync(() => FindPositions(request));
        await foreach (var record in ReadAsync(positions, request.Follow, request.Capacity, cancellation))
        {
            if (request.Fence?.IsStale(record) != true)
            {
                yield return record;
            }
        }
    }

    /// <summary>The records of these stretches, in the order of each partition.</summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    public IAsyncEnumerable<KafkaRecord> ReadAsync(IEnumerable<LogStretch> stretches, CancellationToken cancellation = default) => ReadAsync(
        [.. stretches.Select(one => new ReadPosition(one.Topic, one.Partition, one.From, one.To))],
        follow: false,
        new ReadRequest { Topics = [] }.Capacity,
        cancellation);

    /// <summary>The records from these places on, and then for ever.</summary>
    public IAsyncEnumerable<KafkaRecord> FollowAsync(
        IEnumerable<(string Topic, int Partition, long From)> places, CancellationToken cancellation = default) => ReadAsync(
        [.. places.Select(one => new ReadPosition(one.Topic, one.Partition, one.From, one.From))],
        follow: true,
        new ReadRequest { Topics = [] }.Capacity,
        cancellation);

    private async IAsyncEnumerable<KafkaRecord> ReadAsync(
        IReadOnlyList<ReadPosition> positions, bool follow, int capacity, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var records = Channel.CreateBounded<KafkaRecord>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loop = new ReadLoop(options, positions, follow, records.Writer);
        var reading = Blocking.RunAsync(() => loop.Run(ending.Token));
        try
        {
            await foreach (var record in records.Reader.ReadAllAsync(cancellation))
            {
                yield return record;
            }
        }
        finally
        {
            await ending.CancelAsync();
            await reading;
        }
    }

    internal static TopicDescription Describe(ClusterView cluster, IReadOnlyDictionary<string, TopicShape> topics, string topic)
    {
        if (!topics.TryGetValue(topic, out var shape))
        {
            throw new KafkaClientException($"There is no topic {topic}; there are {string.Join(", ", topics.Keys.Order())}.");
        }

        return new TopicDescription(topic, shape.Replicas, [.. Enumerable.Range(0, shape.Partitions).Select(partition =>
        {
            var (low, high) = cluster.Offsets(topic, partition, RequestTimeout);
            return new PartitionDescription(partition, low, high);
        })]);
    }

    private bool IsEmbedded()
    {
        if (options.Embedded)
        {
            return true;
        }

        using var cluster = new ClusterView(options);
        cluster.Topics(RequestTimeout);
        return cluster.IsEmbedded(RequestTimeout);
    }

    private List<ReadPosition> FindPositions(ReadRequest request)
    {
        using var cluster = new ClusterView(options);
        var topics = cluster.Topics(RequestTimeout);
        var positions = new List<ReadPosition>();
        foreach (var topic in request.Topics)
        {
            foreach (var (partition, low, high) in Describe(cluster, topics, topic).Partitions)
            {
                if (request.Partitions?.Contains(partition) ?? true)
                {
                    positions.Add(new ReadPosition(topic, partition, StartOf(request, partition, low, high), high));
                }
            }
        }

        return positions;
    }

    private static long StartOf(ReadRequest request, int partition, long low, long high)
    {
        if (request.Offsets?.TryGetValue(partition, out var offset) != true)
        {
            return request.Start.OffsetIn(low, high);
        }

        return offset > high ? low : Math.Max(low, offset);
    }
}
