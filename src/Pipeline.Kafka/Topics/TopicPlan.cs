using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Topics;

/// <summary>What must be done so that the topics on a cluster are those of the catalogue.</summary>
/// <param name="Create">Topics to create.</param>
/// <param name="Problem">Why the process must not start; null when it may.</param>
internal sealed record TopicPlan(IReadOnlyList<TopicDefinition> Create, string? Problem)
{
    /// <param name="wanted">The topics that are about to be used.</param>
    /// <param name="there">The topics that are there.</param>
    /// <param name="creation">Whether missing topics may be created.</param>
    /// <param name="embedded">True when the broker is the embedded one, which creates its topics itself and must not be asked.</param>
    public static TopicPlan Of(
        IReadOnlyList<TopicDefinition> wanted, IReadOnlyDictionary<string, TopicShape> there, TopicCreation creation, bool embedded)
    {
        var missing = wanted.Where(topic => !there.ContainsKey(topic.Name)).ToList();
        var different = wanted.Where(topic => there.TryGetValue(topic.Name, out var shape) && shape.Partitions != topic.Partitions).ToList();
        if (different.Count > 0)
        {
            var list = string.Join(", ", different.Select(topic => $"{topic.Name} has {there[topic.Name].Partitions}"));
            return new([], $"kafka.partitions is {different[0].Partitions}, but {list}. "
                + "The number is fixed for the life of a prefix: set it to what is there, or choose another kafka.topicPrefix.");
        }

        var names = string.Join(", ", missing.Select(topic => topic.Name));
        return (missing.Count, embedded, creation) switch
        {
            (0, _, _) => new([], null),
            (_, true, _) => new([], $"The embedded broker lacks {names}: it runs with another topology. Restart it with this one."),
            (_, _, TopicCreation.Never) => new([], $"Topics are missing and kafka.createTopics is never: {names}. "
                + $"Create them with {missing[0].Partitions} partitions each, or set kafka.createTopics: auto."),
            _ => new(missing, null),
        };
    }
}
