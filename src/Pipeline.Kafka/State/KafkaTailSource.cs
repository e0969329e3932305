using Pipeline.Kafka.Reader;

namespace Pipeline.Kafka.State;

/// <summary>The logs as Kafka has them.</summary>
public sealed class KafkaTailSource(KafkaReader reader) : ITailSource
{
    public async Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync(string topic) =>
        (await reader.DescribeTopicAsync(topic)).Partitions.ToDictionary(one => one.Partition, one => (one.Low, one.High));

    public IAsyncEnumerable<KafkaRecord> ReadAsync(IReadOnlyList<LogStretch> stretches, CancellationToken cancellation) =>
        reader.ReadAsync(stretches, cancellation);
}
