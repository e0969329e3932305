using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;

namespace Pipeline.Gateway.History;

/// <summary>Reads <c>md.candles</c> beside the hub: a history that falls behind waits for itself alone.</summary>
internal sealed class KafkaHistorySource(KafkaOptions options) : IHistorySource
{
    private const int ReadAhead = 8192;

    private readonly KafkaReader _reader = new(options);
    private readonly string _topic = TopicCatalog.Of(options).Candles.Name;

    public IAsyncEnumerable<KafkaRecord> ReadAsync(IReadOnlyDictionary<int, long> offsets, CancellationToken cancellation) => _reader.ReadAsync(
        new ReadRequest { Topics = [_topic], Offsets = offsets, Follow = true, Fence = new EpochFence(), Capacity = ReadAhead }, cancellation);
}
