using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Commands;

/// <summary>The settings of a topic for people: what it has where a cluster keeps settings, what it should have where none does.</summary>
internal static class SettingsText
{
    private static readonly string[] Policies = ["cleanup.policy"];

    /// <summary>One or no line.</summary>
    /// <param name="wanted">The catalogue's; null for a topic that is not ours.</param>
    /// <param name="actual">The cluster's; null on the embedded broker, which keeps none.</param>
    public static string? Of(TopicDefinition? wanted, TopicSettings? actual) => (wanted, actual) switch
    {
        (null, null) => null,
        (_, null) => $"wanted      {Join(wanted.Settings)} (the embedded broker keeps no settings)",
        (_, { Refusal: { } refusal }) => $"settings    cannot be read: {refusal}",
        _ => $"settings    {string.Join(", ", actual.All.Where(setting => IsOfInterest(setting, wanted)).Select(one => Describe(one, wanted)))}",
    };

    private static string Join(IReadOnlyDictionary<string, string> settings) =>
        string.Join(", ", settings.Select(setting => $"{setting.Key}={setting.Value}"));

    // A topic has some thirty settings; most are Kafka's own defaults.
    private static bool IsOfInterest(TopicSetting setting, TopicDefinition? wanted) =>
        !setting.IsDefault || setting.Name == "min.insync.replicas" || (wanted?.Settings.ContainsKey(setting.Name) ?? false);

    private static string Describe(TopicSetting setting, TopicDefinition? wanted)
    {
        var text = $"{setting.Name}={setting.Value}";
        return wanted is not null && wanted.Settings.TryGetValue(setting.Name, out var value) && !IsSame(setting, value)
            ? $"{text} (wanted {value})"
            : text;
    }

    // Policies are a set: brokers give them in an order of their own.
    private static bool IsSame(TopicSetting setting, string value) => Policies.Contains(setting.Name)
        ? setting.Value.Split(',').Order().SequenceEqual(value.Split(',').Order())
        : setting.Value == value;
}
