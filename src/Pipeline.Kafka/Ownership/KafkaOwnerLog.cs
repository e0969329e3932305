using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;

namespace Pipeline.Kafka.Ownership;

/// <summary><c>md.state</c> as Kafka has it.</summary>
/// <param name="topic">Its full name.</param>
public sealed class KafkaOwnerLog(KafkaReader reader, KafkaSink sink, string topic) : IOwnerLog
{
    public IAsyncEnumerable<KafkaRecord> FollowAsync(CancellationToken cancellation) =>
        reader.ReadAsync(new ReadRequest { Topics = [topic], Follow = true }, cancellation);

    public Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync() => new KafkaTailSource(reader).BoundsAsync(topic);

    public Task<long> WriteAsync(int partition, string key, ReadOnlyMemory<byte> value, string schema, CancellationToken cancellation) =>
        sink.WriteControlAsync(key, value, partition, schema, cancellation);

    public PartitionEnds EndsOf(int partition) => sink.EndsOf(partition);
}
