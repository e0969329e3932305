using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Makes sure of the topics before anything names one: a producer that names a missing topic may have it created with whatever settings
/// the broker likes. The embedded broker is only looked at, by a plain metadata request.
/// </summary>
public static class TopicCheck
{
    // The native call blocks, so it is made in slices of time in which cancellation is noticed.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>How long a broker may take to answer at start: 30 s.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Creates what may be created, and checks every topic of the catalogue.</summary>
    /// <param name="patience">How long to wait for a broker; null = <see cref="DefaultPatience"/>.</param>
    /// <exception cref="KafkaClientException">No broker answers, a topic is missing or has another number of partitions.</exception>
    public static async Task EnsureAsync(
        KafkaOptions options, TimeProvider clock, TimeSpan? patience = null, CancellationToken cancellation = default)
    {
        var catalog = TopicCatalog.Of(options);
        using var cluster = new ClusterView(options);
        var until = new Deadline(clock, patience ?? DefaultPatience);
        var partitions = await Blocking.RunAsync(() => ReadPartitions(cluster, until, cancellation));
        var embedded = options.Embedded || cluster.IsEmbedded(Slice);
        var plan = TopicPlan.Of(catalog.All, partitions, options.CreateTopics, embedded);
        Refuse(plan);
        if (plan.Create.Count > 0)
        {
            await TopicCreator.CreateAsync(options, plan.Create);
            partitions = await Blocking.RunAsync(() => WaitForTopics(cluster, plan.Create, until, cancellation));
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

    private static IReadOnlyDictionary<string, int> ReadPartitions(ClusterView cluster, Deadline until, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return cluster.Partitions(until.AtMost(Slice));
            }
            catch (KafkaClientException) when (!until.IsOver)
            {
                // The request itself waited for its slice of time; ask again.
            }
        }
    }

    // A broker confirms a creation before every other broker knows of it.
    private static IReadOnlyDictionary<string, int> WaitForTopics(
        ClusterView cluster, IReadOnlyList<TopicDefinition> topics, Deadline until, CancellationToken cancellation)
    {
        while (true)
        {
            var partitions = ReadPartitions(cluster, until, cancellation);
            if (until.IsOver || topics.All(topic => partitions.ContainsKey(topic.Name)))
            {
                return partitions;
            }

            cancellation.WaitHandle.WaitOne(Slice / 10);
        }
    }
}
