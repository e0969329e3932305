using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>History up to the last record of the hub's log.</summary>
/// <param name="Candles">Oldest first.</param>
/// <param name="HasMore">There are older ones.</param>
/// <param name="Total">Candles of the series.</param>
internal sealed record HistoryAnswer(IReadOnlyList<HistoryCandle> Candles, bool HasMore, long Total);
