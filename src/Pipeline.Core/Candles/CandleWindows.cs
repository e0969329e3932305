using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Station 5 of one lane: folds trades, or price ticks where there are no trades, into candles. Finals leave with the trade that closed them; forming candles leave at the end
/// of a batch, conflated to their interval's pace, and a tick brings those whose pace held them back.
/// </summary>
internal sealed class CandleWindows
{
    // Connections differ by less than this; a clock that falls back further has been set back, and is followed.
    private const long ClockStep = 2_000_000;

    private readonly PriorityQueue<CandleBuilder, long> _due = new();
    private readonly InstrumentMap<CandleSeries> _series;
    private readonly List<CandleSeries> _touched = [];
    private readonly CandleSettings _settings;
    private readonly PipelineMetrics _metrics;
    private CandleOptions _options;
    private long _now;

    public CandleWindows(CandleOptions options, PipelineMetrics metrics)
        : this(new CandleSettings(options), metrics)
    {
    }

    /// <param name="settings">May be set to other options at any time.</param>
    public CandleWindows(CandleSettings settings, PipelineMetrics metrics)
    {
        _settings = settings;
        _metrics = metrics;
        _options = settings.Current;
        _series = new(instrument => new CandleSeries(instrument, _options, metrics));
    }

    /// <summary>When a forming record held back becomes due, by the market clock; <see cref="long.MaxValue"/> when none is.</summary>
    public long NextDeadline => _due.TryPeek(out _, out var due) ? due : long.MaxValue;

    public void Process(MarketBatch batch)
    {
        TakeUp(_settings.Current);
        _now = batch.Now < _now - ClockStep ? batch.Now : Math.Max(_now, batch.Now);
        var before = batch.Candles.Count;
        var events = batch.Events.Count;
        for (var i = 0; i < events; i++)
        {
            var happened = batch.Events[i];
            if (happened.Kind == MarketEventKind.Trade)
            {
                Fold(batch.Trades[happened.Index], batch);
            }
            else if (happened.Kind == MarketEventKind.PriceTick)
            {
                Fold(AsTrade(batch.PriceTicks[happened.Index]), batch);
            }
        }

        PublishTouched(batch);
        PublishDue(batch);
        Count(batch, before);
    }

    /// <summary>Lets go of an instrument: its open windows end unsaid, and what may still come of it begins anew.</summary>
    public void Forget(Instrument instrument)
    {
        if (_series.Remove(instrument) is { } series)
        {
            series.Abandon();
        }
    }

    private void TakeUp(CandleOptions options)
    {
        if (!ReferenceEquals(options, _options))
        {
            _options = options;
            foreach (var series in _series.Made)
            {
                series.Follow(options);
            }
        }
    }

    /// <summary>A price is a trade of nothing, by nobody, without an id.</summary>
    private static Trade AsTrade(in PriceTick tick) => new(
        tick.Instrument,
        Id: -1,
        FirstId: -1,
        tick.Price,
        Number.Zero,
        AggressorSide.Unknown,
        Fills: 0,
        TradeKind.Market,
        tick.EventTime,
        tick.ReceivedTime,
        TradeSource.Live,
        tick.AfterGap);

    private void Fold(in Trade trade, MarketBatch batch)
    {
        var series = _series[trade.Instrument];
        series.Add(trade, batch, _now);
        if (!series.Touched)
        {
            series.Touched = true;
            _touched.Add(series);
        }
    }

    private void PublishTouched(MarketBatch batch)
    {
        foreach (var series in _touched)
        {
            series.Touched = false;
            foreach (var builder in series.Builders)
            {
                if (builder is { Live: true, IsOpen: true })
                {
                    builder.Dirty = true;
                    PublishOrQueue(builder, batch);
                }
            }
        }

        _touched.Clear();
    }

    private void PublishOrQueue(CandleBuilder builder, MarketBatch batch)
    {
        // A time further off than the pace was set before the clock was set back.
        if (builder.DueTime <= _now || builder.DueTime - _now > builder.UpdateInterval)
        {
            batch.Add(builder.Form(_now));
        }
        else if (!builder.Queued)
        {
            builder.Queued = true;
            _due.Enqueue(builder, builder.DueTime);
        }
    }

    private void PublishDue(MarketBatch batch)
    {
        while (_due.TryPeek(out var builder, out var due) && due <= _now)
        {
            _due.Dequeue();
            builder.Queued = false;
            if (builder is { Dirty: true, Live: true, IsOpen: true })
            {
                PublishOrQueue(builder, batch);
            }
        }
    }

    /// <summary>Per venue: a batch of a tick brings candles of several, next to each other where they are many.</summary>
    private void Count(MarketBatch batch, int before)
    {
        var start = before;
        for (var i = before + 1; i <= batch.Candles.Count; i++)
        {
            if (i == batch.Candles.Count || batch.Candles[i].Instrument.Venue != batch.Candles[start].Instrument.Venue)
            {
                Count(batch.Candles.Span[start..i]);
                start = i;
            }
        }
    }

    private void Count(ReadOnlySpan<Candle> ofOneVenue)
    {
        var finals = 0;
        foreach (ref readonly var candle in ofOneVenue)
        {
            finals += candle.State == CandleState.Final ? 1 : 0;
        }

        var venue = ofOneVenue[0].Instrument.Venue;
        _metrics.CandleRecords(venue, "final", finals);
        _metrics.CandleRecords(venue, "forming", ofOneVenue.Length - finals);
    }
}
