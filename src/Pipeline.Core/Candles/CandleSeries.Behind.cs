using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>Trades of windows that are closed: late ones, and those of a repair. Each window that holds one is told of anew, once.</summary>
internal sealed partial class CandleSeries
{
    /// <summary>
    /// A trade of windows of which the shorter are closed. Each interval is reached once: open windows through the shortest that is open,
    /// which the longer ones roll up, closed ones directly.
    /// </summary>
    private void AddBehind(in Trade trade, OpenGap? gap)
    {
        _isDeadlineStale = true;
        foreach (var builder in _builders)
        {
            var time = trade.EventTime;
            if (time < ToldUntil && builder.Interval.Microseconds >= CandleStart.Minute.Microseconds)
            {
                continue;
            }

            var openTime = builder.Interval.OpenOf(time);
            if (!builder.IsOpen && openTime + builder.Interval.Microseconds > _closedTime)
            {
                builder.Begin(time, _hasStarted && openTime > _lostUntil);
            }

            // One that has just begun, too: the shorter one below it may have begun with it.
            if (builder.Holds(time))
            {
                if (builder.Finer is null || !builder.Finer.Holds(time))
                {
                    builder.Sum.Add(trade, _isOrdered);
                }
            }
            else if (!builder.IsSilent)
            {
                AddToClosed(builder, openTime, trade, gap);
            }
        }
    }

    private void AddToClosed(CandleBuilder builder, long openTime, in Trade trade, OpenGap? gap)
    {
        var index = builder.Closed.Find(openTime);
        if (index < 0 && (index = TryRecall(builder, openTime, ~index, gap)) < 0)
        {
            _metrics.CandleRemark(_instrument.Venue, "unrevisable");
            return;
        }

        ref var window = ref builder.Closed[index];
        var close = window.Sum.Close;
        window.Sum.Add(trade, _isOrdered);
        window.IsDirty = true;
        if (gap is not null)
        {
            // What is carried behind it follows when repair passes, or passes again.
            ref var next = ref gap.Next[builder.Interval.Index];
            if (openTime < next && next != OpenGap.Unknown)
            {
                (next, gap.Close[builder.Interval.Index]) = (openTime, null);
            }
        }
        else if (window.IsPublished && window.Sum.Close != close)
        {
            Recarry(builder, openTime, window.Sum.Close);
        }
    }

    /// <summary>Finds room for a window that is not held: one that was carried, or one that never was. Negative when it is forgotten.</summary>
    private int TryRecall(CandleBuilder builder, long openTime, int index, OpenGap? gap)
    {
        var closeTime = openTime + builder.Interval.Microseconds;
        if (openTime < builder.SeededUntil)
        {
            // The venue's own candle was written.
            return -1;
        }

        var isAtRepair = gap is not null && gap.Next[builder.Interval.Index] != OpenGap.Unknown && gap.IsAt(builder.Interval, openTime);
        var wasCarried = IsCarried(builder, openTime) || (isAtRepair && gap!.HasCarried(builder.Interval, openTime));
        var isOfGap = isAtRepair && openTime > gap!.FoundFrom && closeTime <= gap.To;
        if (!wasCarried && !isOfGap && openTime < builder.EvictedUntil)
        {
            return -1;
        }

        if (closeTime > builder.ClosedUntil)
        {
            builder.CarryOnFrom(closeTime);
            builder.ClosedUntil = closeTime;
        }

        ref var window = ref builder.Closed.Insert(index, openTime);
        window.IsWhole = openTime > builder.SeenFrom && (wasCarried || isOfGap || openTime > _lostUntil);
        window.IsPublished = window.WasComplete = wasCarried;
        window.Updates = window.IsPublished ? 1 : 0;
        window.IsRepair = isOfGap;
        return index;
    }
}
