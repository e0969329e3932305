using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Creates topics on a real cluster. Never to be called for the embedded broker: it does not know the request, and the client library
/// can end the process over its answer.
/// </summary>
internal static class TopicCreator
{
    // The broker's own default, which every broker from 2.4 on understands.
    private const short DefaultReplication = -1;

    /// <exception cref="KafkaClientException">A topic was refused; one that is there already is fine.</exception>
    public static async Task CreateAsync(KafkaOptions options, IReadOnlyList<TopicDefinition> topics)
    {
        using var admin = new AdminClientBuilder(ClientProperties.ForRequests(options)).SetLogHandler((_, _) => { }).Build();
        try
        {
            await admin.CreateTopicsAsync(topics.Select(Specify));
        }
        catch (CreateTopicsException exception) when (exception.Results.All(IsThere))
        {
            // Another collector was quicker with some of them; the check behind this compares what came of it.
        }
        catch (CreateTopicsException exception)
        {
            var refused = exception.Results.Where(result => !IsThere(result)).Select(result => $"{result.Topic}: {result.Error.Reason}");
            throw Refused(string.Join("; ", refused), exception);
        }
        catch (KafkaException exception)
        {
            throw Refused(exception.Error.Reason, exception);
        }
    }

    private static TopicSpecification Specify(TopicDefinition topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Partitions,
        ReplicationFactor = DefaultReplication,
        Configs = new Dictionary<string, string>(topic.Settings),
    };

    private static bool IsThere(CreateTopicReport result) => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists;

    private static KafkaClientException Refused(string reasons, KafkaException exception) =>
        new($"Topics cannot be created: {reasons}. Create them by hand and set kafka.createTopics: never.", exception);
}
