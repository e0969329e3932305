using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Candles;

/// <summary>The forming candle of every series. Only for the hub's thread.</summary>
internal sealed class CandleBoard
{
    private readonly Dictionary<CandleSeries, StreamRecord> _forming = [];

    public StreamRecord? FormingOf(CandleSeries series) => _forming.TryGetValue(series, out var record) ? record : null;

    /// <summary>A record of <c>md.candles</c>.</summary>
    public void Add(in StreamRecord record)
    {
        var series = record.Series;
        if (record.State == RecordState.Forming && record.Value.Length > 0)
        {
            if (!_forming.TryGetValue(series, out var known) || record.OpenTime >= known.OpenTime)
            {
                _forming[series] = record;
            }
        }
        else if (_forming.TryGetValue(series, out var known) && record.OpenTime >= known.OpenTime)
        {
            _forming.Remove(series);
        }
    }

    /// <summary>Another log begins.</summary>
    public void Clear() => _forming.Clear();
}
