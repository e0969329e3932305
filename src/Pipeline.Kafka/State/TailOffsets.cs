namespace Pipeline.Kafka.State;

/// <summary>An offset in each of the logs that a restart reads.</summary>
internal readonly record struct TailOffsets(long Trades, long Prices, long Candles, long Gaps);
