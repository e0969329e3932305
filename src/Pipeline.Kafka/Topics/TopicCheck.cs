using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Makes sure of the topics before anything names one: a producer that names a missing topic may have it created with whatever settings
/// the broker likes. On a real cluster settings that would break or weaken what readers rely on are refused or told. The embedded broker is
/// only looked at, by a plain metadata request.
/// </summary>
public static class TopicCheck
{
    /// <summary>Code of notices about the settings of topics.</summary>
    internal const string TopicsCode = "topics";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a broker may take to answer at start: 30 s.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Creates what may be created, and checks every topic of the catalogue.</summary>
    /// <param name="patience">How long to wait for a broker; null = <see cref="DefaultPatience"/>.</param>
    /// <param name="noticed">
    /// Told once when no broker has answered for 2 s, and of settings that weaken the promises; a handler must be quick.
    /// </param>
    /// <exception cref="KafkaClientException">No broker answers, or a topic is missing or not as it must be.</exception>
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
        var (topics, embedded) = await Blocking.RunAsync(() =>
            (Wait().Topics(cancellation), options.Embedded || cluster.IsEmbedded(RequestTimeout)));
        var plan = TopicPlan.Of(catalog.All, topics, options.CreateTopics, embedded);
        Refuse(plan.Problem);
        if (plan.Create.Count > 0)
        {
            await TopicCreator.CreateAsync(options, plan.Create);
            topics = await Blocking.RunAsync(() => WaitForTopics(Wait(), plan.Create, cancellation));
            Refuse(TopicPlan.Of(catalog.All, topics, TopicCreation.Never, embedded).Problem);
        }

        if (!embedded)
        {
            await ReviewAsync(options, catalog, topics, noticed);
        }
    }

    private static async Task ReviewAsync(
        KafkaOptions options, TopicCatalog catalog, IReadOnlyDictionary<string, TopicShape> topics, Action<KafkaNotice>? noticed)
    {
        var settings = await TopicSettingsReader.ReadAsync(options, [.. catalog.All.Select(topic => topic.Name)]);
        var review = TopicReview.Of(catalog.All, topics, settings, options.BootstrapServers);
        Refuse(review.Problem);
        foreach (var warning in review.Warnings)
        {
            noticed?.Invoke(new KafkaNotice(KafkaNoticeSeverity.Warning, TopicsCode, warning, 0));
        }
    }

    private static void Refuse(string? problem)
    {
        if (problem is not null)
        {
            throw new KafkaClientException(problem);
        }
    }

    // A broker confirms a creation before every other broker knows of it.
    private static IReadOnlyDictionary<string, TopicShape> WaitForTopics(
        BrokerWait wait, IReadOnlyList<TopicDefinition> wanted, CancellationToken cancellation)
    {
        while (true)
        {
            var topics = wait.Topics(cancellation);
            if (wait.IsOver || wanted.All(topic => topics.ContainsKey(topic.Name)))
            {
                return topics;
            }

            cancellation.WaitHandle.WaitOne(Pause);
        }
    }
}
