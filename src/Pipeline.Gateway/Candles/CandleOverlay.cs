using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>What the hub adds to rows of the store: newer records of the same candles, and newer candles.</summary>
internal sealed class CandleOverlay
{
    public static CandleOverlay Empty { get; } = new([], isSameLog: true);

    private readonly bool _isSameLog;

    private CandleOverlay(IReadOnlyList<HistoryCandle> candles, bool isSameLog)
    {
        Candles = candles;
        _isSameLog = isSameLog;
    }

    /// <summary>Oldest first, one of each.</summary>
    public IReadOnlyList<HistoryCandle> Candles { get; }

    /// <param name="records">Oldest candle first, the newest record of each.</param>
    /// <param name="forming">The candle that is forming, whose record may be older than those.</param>
    /// <param name="isSameLog">The rows are of the hub's log.</param>
    public static CandleOverlay Of(IReadOnlyList<StreamRecord> records, StreamRecord? forming, bool isSameLog)
    {
        var candles = new List<HistoryCandle>(records.Count + 1);
        foreach (var record in records)
        {
            Add(candles, record);
        }

        if (forming is { } last && (candles.Count == 0 || candles[^1].OpenTime < last.OpenTime))
        {
            Add(candles, last);
        }

        return new CandleOverlay(candles, isSameLog);
    }

    /// <summary>Whether the overlay's candle goes before the stored one. Of one log, a forming record is never newer than a final one.</summary>
    public bool Wins(in HistoryCandle overlay) => !_isSameLog || overlay.State != CandleState.Forming;

    /// <summary>Rows and overlay as one, in order, and no more than the limit: the oldest go.</summary>
    /// <param name="rows">Oldest first.</param>
    public HistoryAnswer Merge(IReadOnlyList<HistoryCandle> rows, HistoryRange range, CandlePage page)
    {
        var merged = new List<HistoryCandle>(rows.Count + Candles.Count);
        var total = Walk(rows, range, page, (row, added) => merged.Add(added ?? rows[row]));
        var surplus = Math.Max(0, merged.Count - range.Limit);
        merged.RemoveRange(0, surplus);
        return new HistoryAnswer(merged, page.HasMore || surplus > 0, total);
    }

    /// <summary>
    /// Tells of each candle of the range in order, either by its place among the rows or as the overlay has it. Where the store has more
    /// candles before the rows, only those at or behind the first row count: what else is there is not known.
    /// </summary>
    /// <returns>Candles of the whole series.</returns>
    public long Walk(IReadOnlyList<HistoryCandle> rows, HistoryRange range, CandlePage page, Action<int, HistoryCandle?> each)
    {
        var total = page.Total;
        var row = 0;
        foreach (var candle in Candles)
        {
            var time = candle.OpenTime;
            while (row < rows.Count && rows[row].OpenTime < time)
            {
                each(row++, null);
            }

            var isRow = row < rows.Count && rows[row].OpenTime == time;
            var isWithin = time >= range.From && time < range.To && (!page.HasMore || time > rows[0].OpenTime || isRow);
            total += !isRow && (isWithin || time > page.Newest) ? 1 : 0;
            if (isWithin && (!isRow || Wins(candle)))
            {
                each(-1, candle);
                row += isRow ? 1 : 0;
            }
        }

        while (row < rows.Count)
        {
            each(row++, null);
        }

        return total;
    }

    private static void Add(List<HistoryCandle> candles, in StreamRecord record)
    {
        if (CandleText.TryRead(record.Value.Span, out var text) && text.TryToHistory(out var candle))
        {
            candles.Add(candle);
        }
    }
}
