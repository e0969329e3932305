namespace Pipeline.History;

/// <summary>What a query found, and what was committed at that very moment.</summary>
/// <param name="Candles">In the order asked for.</param>
/// <param name="HasMore">The range holds more than the limit let through.</param>
/// <param name="Total">Candles of the whole series.</param>
/// <param name="Newest">Latest open time of the whole series; <see cref="long.MinValue"/> when it is empty.</param>
/// <param name="Position">Every record below it is among the candles, none at or above it is.</param>
public sealed record CandlePage(IReadOnlyList<HistoryCandle> Candles, bool HasMore, long Total, long Newest, StorePosition Position);
