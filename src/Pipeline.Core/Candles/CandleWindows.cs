using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Station 5 of one lane: folds trades, or price ticks where there are no trades, into candles. Records leave at the end of a batch:
/// finals and revisions first, then forming candles, conflated to their interval's pace. What becomes due without a trade (windows of
/// quiet instruments, holes that last, forming records that their pace held back) leaves with the first batch at or past
/// <see cref="NextDeadline"/>, a tick if need be. An instrument waits in one queue by its own earliest deadline: none is looked at
/// before.
/// </summary>
internal sealed class CandleWindows
{
    // Connections differ by less than this; a clock that falls back further has been set back, and is followed.
    private const long ClockStep = 2_000_000;

    // Empty candles a batch may carry: with the pause between, 100,000 a second and lane at most.
    private const int MaxCarried = 5_000;

    private readonly PriorityQueue<(CandleSeries Series, CandleBuilder Builder), long> _due = new();
    private readonly PriorityQueue<CandleSeries, long> _deadlines = new();
    private readonly InstrumentMap<CandleSeries> _series;
    private readonly List<CandleSeries> _touched = [];
    private readonly CandleSettings _settings;
    private readonly PipelineMetrics _metrics;
    private readonly ICandleBackfill? _backfill;
    private CandleOptions _options;
    private long _now;

    public CandleWindows(CandleOptions options, PipelineMetrics metrics)
        : this(new CandleSettings(options), metrics)
    {
    }

    /// <param name="settings">May be set to other options at any time.</param>
    /// <param name="clocks">The venues' clocks, set at station 3; null = the market clock stands for all.</param>
    /// <param name="restore">What a process before this one left of an instrument; null = nothing.</param>
    /// <param name="backfill">Who asks venues for what was before; null = nobody.</param>
    public CandleWindows(
        CandleSettings settings,
        PipelineMetrics metrics,
        VenueClocks? clocks = null,
        Func<Instrument, CandleSeriesState?>? restore = null,
        ICandleBackfill? backfill = null)
    {
        _backfill = backfill;
        _settings = settings;
        _metrics = metrics;
        _options = settings.Current;
        clocks ??= new VenueClocks();
        _series = new(instrument => new CandleSeries(
            instrument, _options, metrics, clocks.Of(instrument.Venue), restore?.Invoke(instrument)));
    }

    /// <summary>When a batch is wanted even if nothing happens, by the market clock; <see cref="long.MaxValue"/> when never.</summary>
    public long NextDeadline
    {
        get
        {
            var forming = _due.TryPeek(out _, out var due) ? due : long.MaxValue;
            while (_deadlines.TryPeek(out var series, out var deadline))
            {
                if (series.QueuedFor == deadline)
                {
                    return Math.Min(forming, deadline);
                }

                _deadlines.Dequeue();
            }

            return forming;
        }
    }

    /// <summary>Those of which anything is kept.</summary>
    public IEnumerable<Instrument> Known => _series.Made.Select(series => series.Instrument);

    public void Process(MarketBatch batch)
    {
        TakeUp(_settings.Current);
        _now = batch.Now < _now - ClockStep ? batch.Now : Math.Max(_now, batch.Now);
        var before = batch.Candles.Count;
        var events = batch.Events.Count;
        for (var i = 0; i < events; i++)
        {
            Take(batch, batch.Events[i]);
        }

        if (batch.Past is { } past)
        {
            Touch(past.Wish.Instrument).Take(past, batch, _now);
        }

        CloseDue();
        PublishTouched(batch);
        PublishDue(batch);
        Count(batch, before);
        if (batch.States.Count > 0)
        {
            SaveStates(batch);
        }
    }

    /// <summary>
    /// Goes on with an instrument of which nothing has come yet since the process began: what was left open of it closes by the clock.
    /// </summary>
    public void Begin(Instrument instrument) => Enqueue(_series[instrument]);

    /// <summary>Lets go of an instrument: its open windows end unsaid, and what may still come of it begins anew.</summary>
    public void Forget(Instrument instrument)
    {
        if (_series.Remove(instrument) is { } series)
        {
            series.Abandon();
            series.QueuedFor = long.MaxValue;
        }
    }

    private void Take(MarketBatch batch, MarketEvent happened)
    {
        switch (happened.Kind)
        {
            case MarketEventKind.Trade:
                ref readonly var trade = ref batch.Trades[happened.Index];
                Touch(trade.Instrument).Add(trade, _now);
                break;
            case MarketEventKind.PriceTick:
                ref readonly var tick = ref batch.PriceTicks[happened.Index];
                Touch(tick.Instrument).AddPrice(AsTrade(tick), _now);
                break;
            case MarketEventKind.Gap:
                ref readonly var gap = ref batch.Gaps[happened.Index];
                Touch(gap.Instrument).Note(gap);
                break;
            case MarketEventKind.Health when batch.Health[happened.Index].DataType is "trade" or "price":
                ref readonly var health = ref batch.Health[happened.Index];
                Touch(health.Instrument).Note(health);
                break;
        }
    }

    private void SaveStates(MarketBatch batch)
    {
        foreach (var state in batch.States.Span)
        {
            var series = _series[state.Instrument];
            state.IsUnchanged &= !series.IsUnsaved;
            if (!state.IsUnchanged)
            {
                series.IsUnsaved = false;
                state.Candles = series.Save();
            }
        }

        batch.DropUnchangedStates();
    }

    private CandleSeries Touch(Instrument instrument)
    {
        var series = _series[instrument];
        series.IsUnsaved = true;
        if (!series.Touched)
        {
            series.Touched = true;
            _touched.Add(series);
        }

        return series;
    }

    private void TakeUp(CandleOptions options)
    {
        if (!ReferenceEquals(options, _options))
        {
            _options = options;
            foreach (var series in _series.Made)
            {
                series.Follow(options);
                Enqueue(series);
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

    private void CloseDue()
    {
        while (_deadlines.TryPeek(out var series, out var deadline) && deadline <= _now)
        {
            _deadlines.Dequeue();
            if (series.QueuedFor == deadline)
            {
                series.QueuedFor = long.MaxValue;
                Touch(series.Instrument);
                series.CloseByClock(_now);
            }
        }
    }

    private void Enqueue(CandleSeries series)
    {
        var deadline = series.Deadline(_now);

        // One that lies later than where it is queued is put back when its turn comes: trades move it on all the time.
        if (deadline < series.QueuedFor)
        {
            series.QueuedFor = deadline;
            _deadlines.Enqueue(series, deadline);
        }
    }

    private void PublishTouched(MarketBatch batch)
    {
        var carries = MaxCarried;
        foreach (var series in _touched)
        {
            series.Touched = false;
            series.Publish(batch, _now, ref carries);
            foreach (var builder in series.Builders)
            {
                if (builder is { Live: true, IsOpen: true })
                {
                    builder.Dirty |= series.HasTraded;
                    if (builder.Dirty)
                    {
                        PublishOrQueue(series, builder, batch);
                    }
                }
            }

            series.HasTraded = false;
            if (_backfill is not null)
            {
                series.AskForPast(_backfill);
            }

            Enqueue(series);
        }

        _touched.Clear();
    }

    private void PublishOrQueue(CandleSeries series, CandleBuilder builder, MarketBatch batch)
    {
        // A time further off than the pace was set before the clock was set back.
        if (builder.DueTime <= _now || builder.DueTime - _now > builder.UpdateInterval)
        {
            // Behind a window that waits it stays dirty, and is told of when that one was.
            if (!builder.IsBlocked)
            {
                batch.Add(builder.Form(series.Source, series.IsOrdered, _now));
            }
        }
        else if (!builder.Queued)
        {
            builder.Queued = true;
            _due.Enqueue((series, builder), builder.DueTime);
        }
    }

    private void PublishDue(MarketBatch batch)
    {
        while (_due.TryPeek(out var one, out var due) && due <= _now)
        {
            _due.Dequeue();
            one.Builder.Queued = false;
            if (one.Builder is { Dirty: true, Live: true, IsOpen: true })
            {
                PublishOrQueue(one.Series, one.Builder, batch);
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
        var (finals, revised) = (0, 0);
        foreach (ref readonly var candle in ofOneVenue)
        {
            finals += candle.State == CandleState.Final ? 1 : 0;
            revised += candle.State == CandleState.Revised ? 1 : 0;
        }

        var venue = ofOneVenue[0].Instrument.Venue;
        _metrics.CandleRecords(venue, "final", finals);
        _metrics.CandleRecords(venue, "revised", revised);
        _metrics.CandleRecords(venue, "forming", ofOneVenue.Length - finals - revised);
    }
}
