namespace Pipeline.Kafka.Sink;

/// <summary>
/// The sink cannot go on: the producer has met an error after which a partition's log would no longer be a prefix of what was handed
/// over. Close it, and start again from what is acknowledged.
/// </summary>
public sealed class KafkaSinkException(string code, string message) : Exception(message)
{
    /// <summary>Stable code, such as <c>MSG_SIZE_TOO_LARGE</c>.</summary>
    public string Code { get; } = code;
}
