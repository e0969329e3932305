using Pipeline.Core.Market;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>What the hub adds to rows of the store: newer records of the same candles, and newer candles.</summary>
internal sealed class CandleOverlay
{
    private readonly bool _isSameLog;
    private readonly bool _hasOlder;

    private CandleOverlay(IReadOnlyList<HistoryCandle> candles, long total, bool hasOlder, bool isSameLog)
    {
        Candles = candles;
        Total = total;
        _hasOlder = hasOlder;
        _isSameLog = isSameLog;
    }

    /// <summary>Those of the range, oldest first, one of each; no more than the limit, since older ones could not be in the answer.</summary>
    public IReadOnlyList<HistoryCandle> Candles { get; }

    /// <summary>Candles of the whole series, as far as they are newer than every row, and those of the store.</summary>
    public long Total { get; }

    public static CandleOverlay None(CandlePage page) => new([], page.Total, hasOlder: false, isSameLog: true);

    /// <param name="records">Oldest candle first, the newest record of each.</param>
    /// <param name="forming">The candle that is forming, whose record may be older than those.</param>
    /// <param name="isSameLog">The rows are of the hub's log.</param>
    public static CandleOverlay Of(IReadOnlyList<StreamRecord> records, StreamRecord? forming, HistoryRange range, CandlePage page, bool isSameLog)
    {
        var candles = new List<HistoryCandle>();
        var total = page.Total;
        var hasOlder = false;
        if (forming is { } last && (records.Count == 0 || records[^1].OpenTime < last.OpenTime))
        {
            Add(last);
        }

        for (var i = records.Count - 1; i >= 0; i--)
        {
            Add(records[i]);
        }

        candles.Reverse();
        return new CandleOverlay(candles, total, hasOlder, isSameLog);

        void Add(in StreamRecord record)
        {
            total += record.OpenTime > page.Newest ? 1 : 0;
            if (record.OpenTime < range.From || record.OpenTime >= range.To)
            {
                return;
            }

            hasOlder |= candles.Count == range.Limit;
            if (candles.Count < range.Limit && CandleText.TryRead(record.Value.Span, out var text) && text.TryToHistory(out var candle))
            {
                candles.Add(candle);
            }
        }
    }

    /// <summary>Rows and overlay as one, in order, and no more than the limit: the oldest go.</summary>
    /// <param name="rows">Oldest first.</param>
    public HistoryAnswer Merge(IReadOnlyList<HistoryCandle> rows, HistoryRange range, CandlePage page)
    {
        var merged = new List<HistoryCandle>(rows.Count + Candles.Count);
        Walk(rows, page, (row, added) => merged.Add(added ?? rows[row]));
        var surplus = Math.Max(0, merged.Count - range.Limit);
        merged.RemoveRange(0, surplus);
        return new HistoryAnswer(merged, HasMore(page, surplus), Total);
    }

    /// <summary>Whether there are older candles than the answer has.</summary>
    /// <param name="surplus">Candles that were left out because of the limit.</param>
    public bool HasMore(CandlePage page, int surplus) => page.HasMore || _hasOlder || surplus > 0;

    /// <summary>
    /// Tells of each candle of the range in order, either by its place among the rows or as the overlay has it. Where the store has more
    /// candles before the rows, only those behind the first row count: what else is there is not known.
    /// </summary>
    public void Walk(IReadOnlyList<HistoryCandle> rows, CandlePage page, Action<int, HistoryCandle?> each)
    {
        var row = 0;
        foreach (var candle in Candles)
        {
            while (row < rows.Count && rows[row].OpenTime < candle.OpenTime)
            {
                each(row++, null);
            }

            var isRow = row < rows.Count && rows[row].OpenTime == candle.OpenTime;
            var isBefore = page.HasMore && !isRow && candle.OpenTime < rows[0].OpenTime;
            if (!isBefore && (!isRow || Wins(candle)))
            {
                each(-1, candle);
                row += isRow ? 1 : 0;
            }
        }

        while (row < rows.Count)
        {
            each(row++, null);
        }
    }

    /// <summary>Whether the overlay's candle goes before the stored one. Of one log, a forming record is never newer than a final one.</summary>
    private bool Wins(in HistoryCandle overlay) => !_isSameLog || overlay.State != CandleState.Forming;
}
