namespace Pipeline.Kafka.Reader;

/// <summary>What a <see cref="LogFollower"/> finds. All calls come from the thread that follows; waiting in them makes the log wait.</summary>
public interface ILogVisitor
{
    /// <summary>The next record of its partition.</summary>
    void OnRecord(KafkaRecord record);

    /// <summary>Nothing more is in a partition for the moment.</summary>
    /// <param name="offset">Offset of the next record.</param>
    void OnEnd(string topic, int partition, long offset);

    /// <summary>
    /// The brokers could not be reached for a while, and can again: before the next record. They may hold another log now; then the visitor
    /// throws, which ends following.
    /// </summary>
    void OnReturn();

    /// <summary>The brokers cannot be reached; following waits for them.</summary>
    void OnLost();
}
