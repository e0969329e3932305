using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Topics;

/// <summary>
/// Reads the settings of topics from a real cluster. Never to be called for the embedded broker, for the same reason as
/// <see cref="TopicCreator"/>.
/// </summary>
internal static class TopicSettingsReader
{
    private static readonly DescribeConfigsOptions Request = new() { RequestTimeout = TimeSpan.FromSeconds(10) };

    /// <summary>Settings of each topic. Never fails: a cluster need not let us see them.</summary>
    public static async Task<IReadOnlyDictionary<string, TopicSettings>> ReadAsync(KafkaOptions options, IReadOnlyList<string> topics)
    {
        using var admin = new AdminClientBuilder(ClientProperties.ForRequests(options)).SetLogHandler((_, _) => { }).Build();
        try
        {
            var answers = await admin.DescribeConfigsAsync(
                topics.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name }), Request);
            return answers.ToDictionary(answer => answer.ConfigResource.Name, answer => Read(answer.Entries), StringComparer.Ordinal);
        }
        catch (DescribeConfigsException exception)
        {
            return exception.Results.ToDictionary(
                answer => answer.ConfigResource.Name,
                answer => answer.Error.IsError ? new TopicSettings([], answer.Error.Reason) : Read(answer.Entries),
                StringComparer.Ordinal);
        }
        catch (KafkaException exception)
        {
            return topics.ToDictionary(name => name, _ => new TopicSettings([], exception.Error.Reason), StringComparer.Ordinal);
        }
    }

    private static TopicSettings Read(IReadOnlyDictionary<string, ConfigEntryResult> entries) =>
        new([.. entries.Values
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => new TopicSetting(entry.Name, entry.Value ?? "", entry.IsDefault))]);
}
