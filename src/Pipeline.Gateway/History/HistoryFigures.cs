namespace Pipeline.Gateway.History;

/// <summary>What the writer of the history has done since it began.</summary>
/// <param name="Added">Candles that were not there.</param>
/// <param name="Replaced">Candles of which a newer record came.</param>
/// <param name="Skipped">Records no newer than what was stored.</param>
/// <param name="Malformed">Records that are no candle.</param>
/// <param name="Aged">Candles removed because of their age.</param>
/// <param name="Oversize">Candles removed because of the size of the file.</param>
/// <param name="Retries">Times the disk refused.</param>
/// <param name="Missed">Offsets that Kafka had deleted before they were read.</param>
/// <param name="LastError">What the last trouble said; null when there was none.</param>
internal sealed record HistoryFigures(
    HistoryState State, long Added, long Replaced, long Skipped, long Malformed, long Aged, long Oversize, long Retries, long Missed, string? LastError);
