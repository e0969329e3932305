using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>All candles of one instrument. Windows close at the first trade, in id order, at or past their end.</summary>
internal sealed class CandleSeries
{
    // No venue's clock runs this far ahead: such a time is wrong, and folding it in would close every window for its sake.
    private const long MaxAhead = 24 * 3_600_000_000L;

    private readonly Instrument _instrument;
    private readonly CandleBuilder[] _builders;
    private readonly CandleBuilder[] _roots;
    private readonly PipelineMetrics _metrics;
    private bool _started;

    public CandleSeries(Instrument instrument, CandleOptions options, PipelineMetrics metrics)
    {
        _instrument = instrument;
        _metrics = metrics;
        _builders = MakeBuilders(instrument, options);
        _roots = [.. _builders.Where(builder => builder.Finer is null)];
    }

    /// <summary>Shortest interval first.</summary>
    public ReadOnlySpan<CandleBuilder> Builders => _builders;

    /// <summary>Already in the batch's list of changed series.</summary>
    public bool Touched { get; set; }

    /// <summary>Folds the trade in; candles that it closes are appended to <paramref name="batch"/>, shortest interval first.</summary>
    public void Add(in Trade trade, MarketBatch batch, long now)
    {
        if (trade.EventTime > now + MaxAhead)
        {
            _metrics.Dropped(_instrument.Venue, "future-trade");
            return;
        }

        if (trade.AfterGap)
        {
            foreach (var builder in _builders)
            {
                builder.MarkIncomplete();
            }
        }

        var time = trade.EventTime;
        if (!AllRootsHold(time) && !Advance(trade, batch, now))
        {
            AddLate(trade);
            return;
        }

        foreach (var root in _roots)
        {
            root.Add(trade);
        }
    }

    private static CandleBuilder[] MakeBuilders(Instrument instrument, CandleOptions options)
    {
        var made = new List<CandleBuilder>();
        foreach (var interval in options.Intervals.OrderBy(interval => interval.Index))
        {
            var finer = made.LastOrDefault(builder => interval.IsMultipleOf(builder.Interval));
            var pace = interval.Microseconds <= 60_000_000 ? options.UpdateInterval : options.LongUpdateInterval;
            made.Add(new CandleBuilder(instrument, interval, finer, options.Live.Contains(interval), MarketTime.From(pace)));
        }

        return [.. made];
    }

    private bool AllRootsHold(long time)
    {
        foreach (var root in _roots)
        {
            if (!root.Holds(time))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes what ends at or before the trade and opens its windows; false when the trade is older than an open root.</summary>
    private bool Advance(in Trade trade, MarketBatch batch, long now)
    {
        var time = trade.EventTime;
        foreach (var root in _roots)
        {
            if (root.IsOpen && time < root.OpenTime)
            {
                return false;
            }
        }

        foreach (var builder in _builders)
        {
            if (builder.IsOpen && time >= builder.CloseTime)
            {
                Close(builder, batch, now);
            }
        }

        // Where the feed began, and behind a hole, the start of a window was not seen.
        var complete = _started && !trade.AfterGap;
        _started = true;
        foreach (var builder in _builders)
        {
            if (!builder.IsOpen)
            {
                builder.Begin(time, complete);
            }
        }

        return true;
    }

    private void Close(CandleBuilder closing, MarketBatch batch, long now)
    {
        batch.Add(closing.End(now, out var sum));
        foreach (var longer in _builders)
        {
            if (longer.Finer == closing)
            {
                longer.Merge(sum);
            }
        }
    }

    /// <summary>
    /// A trade of a window that has closed: its candle is out. It still belongs to the longer windows that are open, each reached
    /// once: the shortest takes it, those above roll it up.
    /// </summary>
    private void AddLate(in Trade trade)
    {
        _metrics.LateTrade(_instrument.Venue);
        foreach (var builder in _builders)
        {
            if (builder.Holds(trade.EventTime) && (builder.Finer is null || !builder.Finer.Holds(trade.EventTime)))
            {
                builder.Add(trade);
            }
        }
    }
}
