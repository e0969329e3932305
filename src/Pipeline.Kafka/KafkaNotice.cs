namespace Pipeline.Kafka;

/// <summary>Something the Kafka client wants known: a broker out of reach, or back again. Never a lost record by itself.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Stable code, such as <c>no-answer</c>, <c>topics</c>, <c>_TRANSPORT</c>, <c>_ALL_BROKERS_DOWN</c> or <c>recovered</c>.</param>
/// <param name="Message">What has happened, mostly in the library's own words.</param>
/// <param name="Suppressed">Notices of this code that were held back since the last one shown.</param>
public sealed record KafkaNotice(KafkaNoticeSeverity Severity, string Code, string Message, int Suppressed);
