using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Examination;

/// <summary>
/// Looks at a cluster as a collector and a gateway would find it, and changes nothing. <see cref="ConnectAsync"/> comes first; the others
/// go by what it found. Answers name what is wrong and what to do.
/// </summary>
public sealed class ClusterExam(KafkaOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    // A broker that starts answers within this time; one that refuses for so long is not there.
    private static readonly TimeSpan PatienceWhenRefused = TimeSpan.FromSeconds(2);

    private readonly TopicCatalog _catalog = TopicCatalog.Of(options);
    private Dictionary<string, TopicShape> _topics = [];
    private bool _isEmbedded = options.Embedded;

    /// <summary>Whether a broker answers.</summary>
    public Task<ExamResult> ConnectAsync(TimeProvider time, CancellationToken cancellation) => Blocking.RunAsync(() => Connect(time, cancellation));

    /// <summary>Whether the topics are there, with the partitions that the topology says.</summary>
    public ExamResult ExamineTopics()
    {
        var plan = TopicPlan.Of(_catalog.All, _topics, options.CreateTopics, _isEmbedded);
        return plan.Problem is not null ? ExamResult.Bad(plan.Problem)
            : plan.Create.Count == 0 ? ExamResult.Good($"{_catalog.All.Count} topics of {options.Partitions} partitions are there")
            : ExamResult.Good($"{plan.Create.Count} of {_catalog.All.Count} topics are missing and are created by the collector's start (kafka.createTopics)");
    }

    /// <summary>Whether the settings of the topics keep what is promised of them.</summary>
    public async Task<ExamResult> ExamineSettingsAsync()
    {
        var there = _catalog.All.Where(topic => _topics.ContainsKey(topic.Name)).ToList();
        if (_isEmbedded || there.Count == 0)
        {
            return ExamResult.Good(_isEmbedded ? "the embedded broker keeps no settings of topics" : "no topic is there yet; they are created with the right ones");
        }

        var settings = await TopicSettingsReader.ReadAsync(options, [.. there.Select(topic => topic.Name)]);
        var review = TopicReview.Of(there, _topics, settings, options.BootstrapServers);
        return new ExamResult(review.Problem, review.Warnings, "cleanup.policy, retention.ms and min.insync.replicas are as they must be");
    }

    /// <summary>Whether we may describe, read and write the topics that are there.</summary>
    public async Task<ExamResult> ExaminePermissionsAsync()
    {
        var denied = await Blocking.RunAsync(FindUndescribable);
        if (denied.Count > 0)
        {
            return ExamResult.Bad(TopicPermissions.Refusal([.. denied.Select(topic => (topic, AclOperation.Describe))], options.BootstrapServers));
        }

        if (_isEmbedded)
        {
            return ExamResult.Good("every topic can be described; the embedded broker knows no other permissions");
        }

        var permitted = await ReadPermissionsAsync([.. _catalog.All.Select(topic => topic.Name).Where(_topics.ContainsKey)]);
        return TopicPermissions.Judge(permitted, options.BootstrapServers);
    }

    /// <summary>Whether the brokers let a producer in as ours is: idempotent. Nothing is written.</summary>
    public Task<ExamResult> ExamineProducerAsync(CancellationToken cancellation) =>
        Blocking.RunAsync(() => new ProducerAdmission(options).Try(Patience, cancellation));

    private IAdminClient Open(Action<Error> noticed)
    {
        // Who asks for a topic by name has it made otherwise, where the brokers allow that.
        var properties = ClientProperties.ForRequests(options);
        properties["allow.auto.create.topics"] = "false";
        return new AdminClientBuilder(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => noticed(error)).Build();
    }

    private ExamResult Connect(TimeProvider time, CancellationToken cancellation)
    {
        var errors = new ConcurrentQueue<Error>();
        using var admin = Open(errors.Enqueue);
        var start = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return Describe(admin.GetMetadata(Slice));
            }
            catch (KafkaException fault)
            {
                var waited = time.GetElapsedTime(start);
                if (waited >= Patience || (waited >= PatienceWhenRefused && errors.Any(error => error.Code == ErrorCode.Local_AllBrokersDown)))
                {
                    return ExamResult.Bad(ConnectionAdvice.Of(options.BootstrapServers, waited, errors, fault.Error));
                }
            }
        }
    }

    private ExamResult Describe(Metadata metadata)
    {
        _topics = metadata.Topics.Where(topic => !topic.Error.IsError).ToDictionary(
            topic => topic.Topic,
            topic => new TopicShape(topic.Partitions.Count, topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Length : 0),
            StringComparer.Ordinal);
        using var view = new ClusterView(options);
        view.Topics(Patience);
        _isEmbedded |= view.IsEmbedded(Slice);
        var kind = _isEmbedded ? "the embedded broker" : metadata.Brokers.Count == 1 ? "1 broker" : $"{metadata.Brokers.Count} brokers";
        return ExamResult.Good(string.Create(
            CultureInfo.InvariantCulture, $"{kind} at {options.BootstrapServers} answers and shows {_topics.Count} topics"));
    }

    /// <summary>A list of all topics leaves out what we may not see; who asks for a name is told.</summary>
    private List<string> FindUndescribable()
    {
        using var admin = Open(_ => { });
        return [.. _catalog.All.Select(topic => topic.Name).Where(name => admin.GetMetadata(name, Patience).Topics
            .Any(topic => topic.Error.Code is ErrorCode.TopicAuthorizationFailed))];
    }

    /// <summary>What we may do with each topic; null = the cluster does not say.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<AclOperation>?>> ReadPermissionsAsync(IReadOnlyList<string> topics)
    {
        using var admin = Open(_ => { });
        try
        {
            var answer = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { IncludeAuthorizedOperations = true, RequestTimeout = Patience });
            return answer.TopicDescriptions.ToDictionary(one => one.Name, one => (IReadOnlyList<AclOperation>?)one.AuthorizedOperations, StringComparer.Ordinal);
        }
        catch (KafkaException)
        {
            // Brokers older than 2.3 do not know the question; then the first record tells.
            return topics.ToDictionary(name => name, _ => (IReadOnlyList<AclOperation>?)null, StringComparer.Ordinal);
        }
    }
}
