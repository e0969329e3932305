using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.History;

/// <summary>Where the history's records come from: Kafka, or memory in tests.</summary>
internal interface IHistorySource
{
    /// <summary>
    /// The candle records of every partition from these offsets on, for ever; from the beginning where none is given. Outages are waited
    /// out; an exception is a fault that reading does not get over by itself.
    /// </summary>
    IAsyncEnumerable<KafkaRecord> ReadAsync(IReadOnlyDictionary<int, long> offsets, CancellationToken cancellation);
}
