using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Station 5 of one lane: folds trades into candles. Finals leave with the trade that closed them; forming candles leave at the end
/// of a batch, conflated to their interval's pace, and a tick brings those whose pace held them back.
/// </summary>
internal sealed class CandleWindows(CandleOptions options, PipelineMetrics metrics)
{
    // Connections differ by less than this; a clock that falls back further has been set back, and is followed.
    private const long ClockStep = 2_000_000;

    private readonly PriorityQueue<CandleBuilder, long> _due = new();
    private readonly InstrumentMap<CandleSeries> _series = new(instrument => new CandleSeries(instrument, options, metrics));
    private readonly List<CandleSeries> _touched = [];
    private long _now;

    /// <summary>When a forming record held back becomes due, by the market clock; <see cref="long.MaxValue"/> when none is.</summary>
    public long NextDeadline => _due.TryPeek(out _, out var due) ? due : long.MaxValue;

    public void Process(MarketBatch batch)
    {
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
        }

        PublishTouched(batch);
        PublishDue(batch);
        Count(batch, before);
    }

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
            if (builder is { Dirty: true, IsOpen: true })
            {
                PublishOrQueue(builder, batch);
            }
        }
    }

    private void Count(MarketBatch batch, int before)
    {
        if (batch.Candles.Count == before)
        {
            return;
        }

        var finals = 0;
        for (var i = before; i < batch.Candles.Count; i++)
        {
            finals += batch.Candles[i].State == CandleState.Final ? 1 : 0;
        }

        var venue = batch.Candles[before].Instrument.Venue;
        metrics.CandleRecords(venue, "final", finals);
        metrics.CandleRecords(venue, "forming", batch.Candles.Count - before - finals);
    }
}
