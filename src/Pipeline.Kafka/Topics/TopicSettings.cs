namespace Pipeline.Kafka.Topics;

/// <summary>The settings of a topic as a cluster has them.</summary>
/// <param name="All">In order of name; empty when they could not be read.</param>
/// <param name="Refusal">Why they could not be read, in the cluster's words; null when they were.</param>
public sealed record TopicSettings(IReadOnlyList<TopicSetting> All, string? Refusal = null)
{
    /// <summary>Value of a setting; null when the cluster does not know it.</summary>
    public string? this[string name] => All.FirstOrDefault(setting => setting.Name == name)?.Value;
}
