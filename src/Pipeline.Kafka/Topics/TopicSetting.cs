namespace Pipeline.Kafka.Topics;

/// <summary>One setting that is in force for a topic.</summary>
/// <param name="Name">Such as <c>cleanup.policy</c>.</param>
/// <param name="IsDefault">True when neither the topic nor the brokers were given another value than Kafka's own.</param>
public sealed record TopicSetting(string Name, string Value, bool IsDefault);
