using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Hub;

/// <summary>What a source tells. For one thread; waits while the hub has no room.</summary>
internal interface IRecordTarget
{
    /// <summary>Where candles are wanted from; see <see cref="IRecordTap.CandlesFrom"/>.</summary>
    long? CandlesFrom(string logId, int partition);

    /// <summary>A log begins, at first or because it is another than before: everything starts anew.</summary>
    void Begin(LogBeginning log, CancellationToken cancellation);

    /// <summary>The next record of its partition.</summary>
    void Add(TopicKind topic, KafkaRecord record, CancellationToken cancellation);

    /// <summary>A partition has been read up to this offset, which no record may have (the log is compacted, or empty).</summary>
    void Reached(TopicKind topic, int partition, long offset, CancellationToken cancellation);

    /// <summary>Whether the broker can be reached, as far as the source notices.</summary>
    void Report(bool isConnected);
}
