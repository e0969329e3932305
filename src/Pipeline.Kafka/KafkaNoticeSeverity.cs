namespace Pipeline.Kafka;

public enum KafkaNoticeSeverity
{
    Information,
    Warning,
    Error,
}
