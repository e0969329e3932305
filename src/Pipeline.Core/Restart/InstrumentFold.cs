using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>
/// One instrument from its newest state to the end of the log: trades through <see cref="SeriesFold"/> and the very
/// <see cref="CandleWindows"/> of station 5, whose records are not written but compared with those that were.
/// </summary>
internal sealed class InstrumentFold
{
    private const int BatchSize = 256;

    // By the clock nothing is to close here: whether a quiet stream was fresh then, only who was there could say. Station 5 takes times
    // up to a day ahead.
    private const long ClockBehind = 12 * 3_600_000_000L;

    private readonly MarketBatch _batch = new();
    private readonly LogCandles _candles = new();
    private readonly List<Gap> _found = [];
    private readonly SeriesFold _series;
    private readonly CandleWindows _windows;
    private readonly Instrument _instrument;
    private readonly CandleOptions _options;
    private bool _hasTrades;
    private long _now = long.MinValue;

    public InstrumentFold(Instrument instrument, InstrumentState? state, CandleOptions options, PipelineMetrics metrics)
    {
        _instrument = instrument;
        _options = options;
        _hasTrades = state?.Trades is not null;
        _series = new SeriesFold(instrument, state?.Trades);
        _windows = new CandleWindows(new CandleSettings(options with { Live = [] }), metrics, restore: _ => state?.Candles);
    }

    /// <summary>Records of the tail that changed something.</summary>
    public long Folded { get; private set; }

    /// <summary>Trades of the tail whose ids were covered already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>False = it was already there.</summary>
    public void Take(in Trade trade)
    {
        _found.Clear();
        if (!_series.Take(trade, out var afterGap, _found))
        {
            Duplicates++;
            return;
        }

        foreach (var gap in _found)
        {
            _batch.Add(gap);
        }

        _hasTrades = true;
        _batch.Add(trade with { AfterGap = afterGap });
        Count(trade.EventTime);
    }

    public void Take(in PriceTick tick)
    {
        _batch.Add(tick with { AfterGap = false }, default);
        Count(tick.EventTime);
    }

    /// <summary>A record of <c>md.gaps</c>, at its place among the trades.</summary>
    public void Note(in Gap gap)
    {
        _series.Note(gap);
        _hasTrades = true;
        if (gap.State is GapState.Repaired or GapState.VenueSilent)
        {
            _candles.NoteFilled(gap);
        }

        _batch.Add(gap);
        Count(gap.FromTime);
    }

    /// <summary>A record of <c>md.candles</c>, in the order of the log.</summary>
    public void Note(in Candle written) => _candles.Note(written);

    /// <summary>Behind the last record: what the log lacks, and the state from which station 4 and 5 go on.</summary>
    /// <param name="now">Market clock, for records that are made here.</param>
    public InstrumentState End(long now, List<Gap> gaps, List<Candle> candles)
    {
        _found.Clear();
        var missing = _series.End(now, _found);
        foreach (var gap in _found)
        {
            _batch.Add(gap);
        }

        foreach (var gap in missing)
        {
            gaps.Add(gap);
            if (gap.State == GapState.Repaired)
            {
                _candles.NoteFilled(gap);
                _batch.Add(gap);
            }
        }

        Process();
        CloseAsWritten();
        candles.AddRange(_candles.Missing().Select(candle => candle with { ReceivedTime = now }));
        var state = new InstrumentState(_instrument);
        _batch.IsCheckpoint = true;
        _batch.Add(state);
        Process();
        state.Trades = _hasTrades ? _series.ToState() : null;
        state.Candles = new WrittenState(_candles).Of(state.Candles);
        return state;
    }

    private void Count(long time)
    {
        Folded++;
        _now = Math.Max(_now, time - ClockBehind);
        if (_batch.Events.Count >= BatchSize)
        {
            Process();
        }
    }

    private void Process()
    {
        _batch.Now = Math.Max(_now, 0);
        _windows.Process(_batch);
        foreach (ref readonly var candle in _batch.Candles.Span)
        {
            if (candle.State != CandleState.Forming)
            {
                _candles.Make(candle);
            }
        }

        _batch.Release();
    }

    /// <summary>
    /// Windows that the log calls final are, though no trade behind them has come: the writer knew that the stream was fresh. So does the
    /// fold now, up to there.
    /// </summary>
    private void CloseAsWritten()
    {
        if (_candles.IsEmpty)
        {
            return;
        }

        // The station's own grace: no window closes here that ends behind what the log calls final.
        var grace = _options.Grace > _options.AllowedLateness || _instrument.Rules.Trades != IdDiscipline.Unordered
            ? _options.Grace
            : _options.AllowedLateness;
        _now = _candles.ClosedUntil + MarketTime.From(grace);
        _batch.Add(new StreamHealth(_instrument, "trade", HealthState.Fresh, "restart", "", Since: 0, LastEventTime: 0, LastReceivedTime: 0));
        Process();

        // What has become due with the news leaves with the next batch.
        Process();
    }
}
