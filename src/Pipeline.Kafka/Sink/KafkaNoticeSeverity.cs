namespace Pipeline.Kafka.Sink;

public enum KafkaNoticeSeverity
{
    Information,
    Warning,
    Error,
}
