using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>
/// All candles of one instrument: folds its trades into every interval, simply and exactly, and has each window judged once trades and
/// candles have both gone well past it.
/// </summary>
internal sealed class CandleProof(
    InstrumentScope scope,
    IdCoverage coverage,
    Func<CandleWindow, LossTouch> touchOf,
    Action<CandleSeriesProof, CandleWindow> keep)
{
    // A sweep looks at all series: not at every record.
    private const long SweepStep = 1_000_000;

    private readonly CandleSeriesProof?[] _series = new CandleSeriesProof?[CandleInterval.All.Count];
    private readonly CandleJudge _judge = new(scope, coverage);
    private readonly ExactScale _scale = new();
    private CandleSeriesProof[] _folded = [];
    private long _candleTime = long.MinValue;
    private long _swept = long.MinValue;

    /// <summary>Earlier records may be gone: deleted, or compacted away.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Records were deleted before they were read.</summary>
    public void Truncate()
    {
        IsPartial = true;
        _judge.IsTruncated = true;
    }

    public void Fold(in TradeRow row)
    {
        if (_folded.Length == 0)
        {
            _folded = [.. scope.Options.Intervals.Select(SeriesOf)];
        }

        var fits = _scale.TryTake(row, out var quantity, out var turnover);
        var isOrdered = scope.Rules.Ids != IdDiscipline.Unordered;
        var fills = row.Fills > 0 ? row.Fills : row.FirstId < row.Id ? (int)(row.Id - row.FirstId + 1) : scope.Rules.CountsFills ? 1 : 0;
        foreach (var series in _folded)
        {
            if (series.Take(row.EventTime) is not { } window)
            {
                scope.OfCandles(FindingKind.Forgotten, -1, $"trade {row.Id} came so late that its {series.Interval} window was let go");
                continue;
            }

            window.Add(row, quantity, turnover, _scale, fills, isOrdered, coverage.LastTime);
            if (!fits)
            {
                window.Overflow();
            }

            if (!window.IsWaiting)
            {
                series.Wait(window);
            }
        }
    }

    public void Add(CandleRow row, long offset)
    {
        if (row.Source == CandleSource.Venue)
        {
            // The venue's own, of the time before ours: no trade of ours proves it.
            scope.Counts.OtherCandles++;
            return;
        }

        SeriesOf(row.Interval).Add(row, offset, IsPartial);
        if (row.State != CandleState.Forming)
        {
            _candleTime = Math.Max(_candleTime, row.CloseTime);
        }
    }

    /// <summary>Judges what is over and settled.</summary>
    public void Sweep()
    {
        var time = Math.Min(_candleTime, coverage.LastTime);
        if (time < _swept + SweepStep || time == long.MinValue)
        {
            return;
        }

        _swept = time;
        var settled = time - scope.Options.SettleTime;
        foreach (var series in _series)
        {
            if (series is null)
            {
                continue;
            }

            Settle(series, settled);
        }
    }

    /// <summary>Nothing more will be read.</summary>
    public void Finish()
    {
        foreach (var series in _series)
        {
            if (series is not null)
            {
                foreach (var window in series.Delayed.Concat(series.Waiting))
                {
                    _judge.Judge(window, series, touchOf(window), isEnd: true);
                }

                series.Delayed.Clear();
                series.Waiting.Clear();
            }
        }
    }

    private void Settle(CandleSeriesProof series, long settled)
    {
        series.Delayed.RemoveAll(window => TryJudge(series, window, settled));
        while (series.Waiting.TryPeek(out var window) && window.CloseTime <= settled)
        {
            series.Waiting.Dequeue();
            if (!TryJudge(series, window, settled))
            {
                series.Delayed.Add(window);
            }
        }
    }

    private bool TryJudge(CandleSeriesProof series, CandleWindow window, long settled)
    {
        var touch = touchOf(window);
        if (window.LastChange > settled || touch == LossTouch.Open)
        {
            return false;
        }

        _judge.Judge(window, series, touch, isEnd: false);
        window.IsWaiting = false;
        keep(series, window);
        return true;
    }

    private CandleSeriesProof SeriesOf(CandleInterval interval) => _series[interval.Index] ??= new CandleSeriesProof(interval, scope, coverage.HasUnjudgedHole);
}
