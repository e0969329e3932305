using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// All candles of one instrument, of intervals that may change while it lives. Windows close at the first trade, in id order, at or past their end.
/// </summary>
internal sealed class CandleSeries
{
    // No venue's clock runs this far ahead: such a time is wrong, and folding it in would close every window for its sake.
    private const long MaxAhead = 24 * 3_600_000_000L;

    private readonly Instrument _instrument;
    private CandleBuilder[] _builders;
    private CandleBuilder[] _roots;
    private readonly PipelineMetrics _metrics;
    private bool _started;
    private bool _hasChanged;

    public CandleSeries(Instrument instrument, CandleOptions options, PipelineMetrics metrics)
    {
        _instrument = instrument;
        _metrics = metrics;
        _builders = [];
        _roots = [];
        Follow(options);
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
        if ((_hasChanged || !AllRootsHold(time)) && !Advance(trade, batch, now))
        {
            AddLate(trade);
            return;
        }

        foreach (var root in _roots)
        {
            root.Add(trade);
        }
    }

    /// <summary>
    /// Makes these intervals from now on. A new one begins with the next trade; its first window is incomplete. One that is left out
    /// says nothing more of its open window but its final record. Those that stay go on as they are, rolled up from what they were.
    /// </summary>
    public void Follow(CandleOptions options)
    {
        var known = _builders.ToDictionary(builder => builder.Interval);
        var made = new List<CandleBuilder>();
        foreach (var interval in known.Keys.Concat(options.Intervals).Distinct().OrderBy(interval => interval.Index))
        {
            var builder = known.GetValueOrDefault(interval);
            if (builder is null)
            {
                var finer = made.LastOrDefault(one => interval.IsMultipleOf(one.Interval));
                builder = new CandleBuilder(_instrument, interval, finer, live: false, updateInterval: 0);
            }

            var isWanted = options.Intervals.Contains(interval);
            var pace = interval.Microseconds <= 60_000_000 ? options.UpdateInterval : options.LongUpdateInterval;
            builder.Live = isWanted && options.Live.Contains(interval);
            builder.UpdateInterval = MarketTime.From(pace);
            builder.IsLeaving = !isWanted && builder.IsOpen && !builder.IsSilent;
            builder.IsSilent = !isWanted && !builder.IsLeaving;
            made.Add(builder);
        }

        _hasChanged = true;
        Set(made);
    }

    /// <summary>Ends all windows and says nothing of them.</summary>
    public void Abandon()
    {
        foreach (var builder in _builders)
        {
            builder.Abandon();
        }
    }

    /// <summary>A silent builder is kept for as long as a longer one is made of it.</summary>
    private void Set(List<CandleBuilder> builders)
    {
        for (var i = builders.Count - 1; i >= 0; i--)
        {
            if (builders[i].IsSilent && !builders.Exists(longer => longer.Finer == builders[i]))
            {
                builders.RemoveAt(i);
            }
        }

        _builders = [.. builders];
        _roots = [.. builders.Where(builder => builder.Finer is null)];
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

        var hasLeft = false;
        foreach (var builder in _builders)
        {
            if (builder.IsOpen && time >= builder.CloseTime)
            {
                Close(builder, batch, now);
                hasLeft |= builder.IsLeaving;
                builder.IsSilent |= builder.IsLeaving;
                builder.IsLeaving = false;
            }
        }

        if (hasLeft)
        {
            Set([.. _builders]);
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

        _hasChanged = false;
        return true;
    }

    private void Close(CandleBuilder closing, MarketBatch batch, long now)
    {
        var candle = closing.End(now, out var sum);
        if (!closing.IsSilent)
        {
            batch.Add(candle);
        }

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
