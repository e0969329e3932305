using Pipeline.Core.Topology;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Makes sure of the topics before anything names one: a producer that names a missing topic may have it created with whatever settings
/// the broker likes. The embedded broker is only looked at, by a plain metadata request.
/// </summary>
public static class TopicCheck
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a broker may take to answer at start: 30 s.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Creates what may be created, and checks every topic of the catalogue.</summary>
    /// <param name="patience">How long to wait for a broker; null = <see cref="DefaultPatience"/>.</param>
    /// <param name="noticed">Told once when no broker has answered for 2 s, on a thread of ours; a handler must be quick.</param>
    /// <exception cref="KafkaClientException">No broker answers, a topic is missing or has another number of partitions.</exception>
    public static async Task EnsureAsync(
        KafkaOptions options,
        TimeProvider clock,
        TimeSpan? patience = null,
        Action<KafkaNotice>? noticed = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var catalog = TopicCatalog.Of(options);
        using var cluster = new ClusterView(options);
        BrokerWait Wait() => new(cluster, clock, patience ?? DefaultPatience, noticed);
        var (partitions, embedded) = await Blocking.RunAsync(() =>
            (Wait().Partitions(cancellation), options.Embedded || cluster.IsEmbedded(RequestTimeout)));
        var plan = TopicPlan.Of(catalog.All, partitions, options.CreateTopics, embedded);
        Refuse(plan);
        if (plan.Create.Count > 0)
        {
            await TopicCreator.CreateAsync(options, plan.Create);
            partitions = await Blocking.RunAsync(() => WaitForTopics(Wait(), plan.Create, cancellation));
            Refuse(TopicPlan.Of(catalog.All, partitions, TopicCreation.Never, embedded));
        }
    }

    private static void Refuse(TopicPlan plan)
    {
        if (plan.Problem is { } problem)
        {
            throw new KafkaClientException(problem);
        }
    }

    // A broker confirms a creation before every other broker knows of it.
    private static IReadOnlyDictionary<string, int> WaitForTopics(
        BrokerWait wait, IReadOnlyList<TopicDefinition> topics, CancellationToken cancellation)
    {
        while (true)
        {
            var partitions = wait.Partitions(cancellation);
            if (wait.IsOver || topics.All(topic => partitions.ContainsKey(topic.Name)))
            {
                return partitions;
            }

            cancellation.WaitHandle.WaitOne(Pause);
        }
    }
}
