namespace Pipeline.History.Rows;

/// <summary>One row of <c>series</c>: what is known of a series without looking at its candles.</summary>
/// <param name="Id">Number in the file.</param>
/// <param name="Oldest">Earliest open time; above <paramref name="Newest"/> when there is no candle.</param>
internal sealed record SeriesRow(long Id, SeriesKey Key, long Candles, long Oldest, long Newest)
{
    public static SeriesRow Empty(long id, SeriesKey key) => new(id, key, 0, long.MaxValue, long.MinValue);
}
