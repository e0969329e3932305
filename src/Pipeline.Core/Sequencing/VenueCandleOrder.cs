using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// The venue's own candles of one instrument: what one socket says passes as it comes; another's only when it says more, since a leg that
/// lags would lead readers back, from final to forming too.
/// </summary>
internal sealed class VenueCandleOrder
{
    private readonly List<Row> _rows = [];

    /// <summary>False for a copy, and for what another socket has gone beyond.</summary>
    /// <param name="socket">0 = it was asked for by REST: what is closed passes, and changes nothing for the streams.</param>
    public bool IsNew(in Candle candle, long socket)
    {
        if (socket == 0)
        {
            return candle.State == CandleState.Final;
        }

        var row = Of(candle.Interval);
        if (row.IsEmpty || row.Socket == socket || IsBeyond(candle, row))
        {
            row.Take(candle, socket);
            return true;
        }

        // A final that the leading socket did not bring: it was opened after that candle.
        if (candle.State == CandleState.Final && candle.OpenTime > row.FinalOpenTime && candle.OpenTime < row.Last.OpenTime)
        {
            row.FinalOpenTime = candle.OpenTime;
            return true;
        }

        return false;
    }

    private static bool IsBeyond(in Candle candle, Row row)
    {
        ref readonly var last = ref row.Last;
        if (candle.OpenTime != last.OpenTime)
        {
            return candle.OpenTime > last.OpenTime;
        }

        if (candle.State != last.State)
        {
            return candle.State == CandleState.Final;
        }

        return candle.Volume > last.Volume;
    }

    private Row Of(CandleInterval interval)
    {
        foreach (var row in _rows)
        {
            if (row.Last.Interval == interval)
            {
                return row;
            }
        }

        var added = new Row(interval);
        _rows.Add(added);
        return added;
    }

    private sealed class Row(CandleInterval interval)
    {
        private Candle _last = new() { Interval = interval };

        public bool IsEmpty { get; private set; } = true;

        public ref readonly Candle Last => ref _last;

        public long Socket { get; private set; }

        public long FinalOpenTime { get; set; } = long.MinValue;

        public void Take(in Candle candle, long socket)
        {
            IsEmpty = false;
            _last = candle;
            Socket = socket;
            if (candle.State == CandleState.Final)
            {
                FinalOpenTime = Math.Max(FinalOpenTime, candle.OpenTime);
            }
        }
    }
}
