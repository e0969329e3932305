using System.Globalization;

namespace Pipeline.Kafka.Topics;

/// <summary>What the settings of topics on a real cluster mean for what we promise about them.</summary>
/// <param name="Problem">Why the process must not start, and what mends it; null when it may.</param>
/// <param name="Warnings">What weakens the promises without breaking them.</param>
internal sealed record TopicReview(string? Problem, IReadOnlyList<string> Warnings)
{
    private const string CleanupPolicy = "cleanup.policy";
    private const string LeastInSync = "min.insync.replicas";
    private const string Retention = "retention.ms";
    private const string Compact = "compact";
    private const string Delete = "delete";

    /// <param name="wanted">The topics that are about to be used.</param>
    /// <param name="there">The topics that are there.</param>
    /// <param name="settingsOf">Settings of each topic, as far as the cluster lets us see them.</param>
    /// <param name="servers">Brokers, for the commands that mend things.</param>
    public static TopicReview Of(
        IReadOnlyList<TopicDefinition> wanted,
        IReadOnlyDictionary<string, TopicShape> there,
        IReadOnlyDictionary<string, TopicSettings> settingsOf,
        string servers)
    {
        var wrong = wanted.Where(topic => HasWrongCleanup(topic, settingsOf)).ToList();
        var problem = wrong.Count == 0
            ? null
            : string.Join(" ", wrong.Select(topic => Describe(topic, settingsOf[topic.Name][CleanupPolicy]!, servers)));
        return new(problem, [.. Warn(wanted, there, settingsOf, servers), .. WarnOfRetention(wanted, settingsOf, servers)]);
    }

    /// <summary>True when a list of policies, such as <c>compact,delete</c>, has this one in it.</summary>
    private static bool Has(string policies, string policy) => policies.Split(',', StringSplitOptions.TrimEntries).Contains(policy);

    /// <summary>Deleting by age as well is wrong only where the newest record of a key must stay.</summary>
    private static bool IsWrong(string policy, string needed) =>
        Has(policy, Compact) != Has(needed, Compact) || (Has(policy, Delete) && !Has(needed, Delete));

    private static bool HasWrongCleanup(TopicDefinition topic, IReadOnlyDictionary<string, TopicSettings> settingsOf) =>
        settingsOf.GetValueOrDefault(topic.Name)?[CleanupPolicy] is { } policy && IsWrong(policy, topic.CleanupPolicy);

    private static string Describe(TopicDefinition topic, string policy, string servers)
    {
        var reason = Has(topic.CleanupPolicy, Compact)
            ? "the newest record of each key would be deleted with the old ones"
            : "compaction would leave one record of each key and delete the rest";
        return $"{topic.Name} has {CleanupPolicy}={policy} and needs {topic.CleanupPolicy}: {reason}. Mend it with: "
            + Alter(servers, topic.Name, $"{CleanupPolicy}=[{topic.CleanupPolicy}]");
    }

    private static IEnumerable<string> Warn(
        IReadOnlyList<TopicDefinition> wanted,
        IReadOnlyDictionary<string, TopicShape> there,
        IReadOnlyDictionary<string, TopicSettings> settingsOf,
        string servers)
    {
        var unread = wanted.Where(topic => settingsOf.GetValueOrDefault(topic.Name) is not { Refusal: null }).ToList();
        if (unread.Count > 0)
        {
            var reason = settingsOf.GetValueOrDefault(unread[0].Name)?.Refusal ?? "no answer";
            yield return $"The settings of {Names(unread)} cannot be read and are taken on trust: {reason}.";
        }

        var single = wanted.Where(topic => there.GetValueOrDefault(topic.Name).Replicas == 1).ToList();
        if (single.Count > 0)
        {
            yield return $"{Names(single)}: replication factor 1, so a broker that is lost takes its records along.";
        }

        // With one copy in all the setting makes no difference.
        var lax = wanted.Except(single).Where(topic => settingsOf.GetValueOrDefault(topic.Name)?[LeastInSync] == "1").ToList();
        if (lax.Count > 0)
        {
            yield return $"{Names(lax)}: {LeastInSync} is 1, so a record can count as written with a single copy. "
                + $"For each: {Alter(servers, lax[0].Name, $"{LeastInSync}=2")}";
        }
    }

    /// <summary>Topics whose records are deleted sooner than readers may need them.</summary>
    private static IEnumerable<string> WarnOfRetention(
        IReadOnlyList<TopicDefinition> wanted, IReadOnlyDictionary<string, TopicSettings> settingsOf, string servers)
    {
        foreach (var topic in wanted)
        {
            if (topic.Settings.TryGetValue(Retention, out var text) && settingsOf.GetValueOrDefault(topic.Name)?[Retention] is { } actual
                && long.TryParse(actual, CultureInfo.InvariantCulture, out var kept) && kept >= 0 && kept < long.Parse(text, CultureInfo.InvariantCulture))
            {
                yield return $"{topic.Name}: {Retention} is {actual}, wanted are {text}, so what a restart must know may be gone. "
                    + Alter(servers, topic.Name, $"{Retention}={text}");
            }
        }
    }

    private static string Alter(string servers, string topic, string setting) =>
        $"kafka-configs --bootstrap-server {servers} --alter --entity-type topics --entity-name {topic} --add-config '{setting}'";

    private static string Names(IEnumerable<TopicDefinition> topics) => string.Join(", ", topics.Select(topic => topic.Name));
}
