namespace Pipeline.History;

/// <summary>A candle on its way into the store.</summary>
internal readonly record struct BatchedCandle(SeriesKey Series, long Offset, HistoryCandle Candle);
