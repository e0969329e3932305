using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>Rows as JSON, made before the hub is asked: on its thread they are only copied.</summary>
internal sealed class PreparedHistory
{
    private readonly CandlePage _page;
    private readonly bool _strings;
    private readonly JsonBuffer _json;
    private readonly int[] _ends;

    public PreparedHistory(CandlePage page, bool strings)
    {
        _page = page;
        _strings = strings;
        _json = new JsonBuffer((page.Candles.Count * 176) + 64);
        _ends = new int[page.Candles.Count];
        for (var i = 0; i < _ends.Length; i++)
        {
            KlineJson.Write(_json, page.Candles[i], strings);
            _ends[i] = _json.Length;
        }
    }

    /// <summary>The <c>history_data</c> of rows and overlay.</summary>
    public byte[] Finish(string symbol, string interval, HistoryRange range, CandleOverlay overlay)
    {
        var order = new List<(int Row, HistoryCandle? Added)>(_ends.Length + overlay.Candles.Count);
        overlay.Walk(_page.Candles, _page, (row, added) => order.Add((row, added)));
        var surplus = Math.Max(0, order.Count - range.Limit);
        var json = new JsonBuffer(_json.Length + (overlay.Candles.Count * 176) + 512)
            .Raw("{\"symbol\":"u8).Text(symbol).Raw(",\"interval\":"u8).Text(interval).Raw(",\"data\":["u8);
        for (var i = surplus; i < order.Count; i++)
        {
            if (i > surplus)
            {
                json.Raw((byte)',');
            }

            var (row, added) = order[i];
            if (added is { } candle)
            {
                KlineJson.Write(json, candle, _strings);
            }
            else
            {
                var start = row == 0 ? 0 : _ends[row - 1];
                json.Raw(_json.Written[start.._ends[row]]);
            }
        }

        return json.Raw("],\"has_more\":"u8).Flag(overlay.HasMore(_page, surplus)).Raw(",\"total_count\":"u8).Integer(overlay.Total).Raw((byte)'}').ToArray();
    }
}
