namespace Pipeline.Kafka.Sink;

/// <summary>What has become of the records so far.</summary>
/// <param name="HandedOver">Given to the Kafka client.</param>
/// <param name="Acknowledged">Acknowledged by the broker.</param>
/// <param name="Failed">Given up for good: refused by the broker, or discarded when the sink was closed.</param>
/// <param name="BytesInFlight">Bytes of keys and values that are neither.</param>
public readonly record struct SinkCounts(long HandedOver, long Acknowledged, long Failed, long BytesInFlight)
{
    /// <summary>Records inside the client or on their way.</summary>
    public long InFlight => HandedOver - Acknowledged - Failed;
}
