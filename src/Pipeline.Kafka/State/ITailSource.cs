using Pipeline.Kafka.Reader;

namespace Pipeline.Kafka.State;

/// <summary>The logs that a restart reads.</summary>
public interface ITailSource
{
    /// <summary>By partition the oldest offset, and that of the next record.</summary>
    Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync(string topic);

    /// <summary>The records of these stretches, in the order of each partition.</summary>
    IAsyncEnumerable<KafkaRecord> ReadAsync(IReadOnlyList<LogStretch> stretches, CancellationToken cancellation);
}
