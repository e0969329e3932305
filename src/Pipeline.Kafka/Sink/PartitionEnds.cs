namespace Pipeline.Kafka.Sink;

/// <summary>Where the logs of a partition end: the offsets that the next records get. Null = not known.</summary>
public readonly record struct PartitionEnds(long? Trades, long? Prices, long? Candles, long? Gaps);
