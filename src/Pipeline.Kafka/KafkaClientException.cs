namespace Pipeline.Kafka;

/// <summary>The Kafka client could not be set up or could not reach a broker; the message says what to do.</summary>
public sealed class KafkaClientException : Exception
{
    public KafkaClientException(string message)
        : base(message)
    {
    }

    public KafkaClientException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
