namespace Pipeline.History;

/// <summary>What a store holds.</summary>
/// <param name="Bytes">Size of the file and of what lies beside it.</param>
/// <param name="Oldest">Earliest open time, microseconds since the Unix epoch, UTC; null when there is no candle.</param>
/// <param name="Newest">Latest open time.</param>
public sealed record StoreStats(int Series, long Candles, long Bytes, long? Oldest, long? Newest, StorePosition Position);
