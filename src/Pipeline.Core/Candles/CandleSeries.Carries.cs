using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Windows in which nothing was traded, and which carry the close before. They are written and not held: what they are is known from their
/// number. Those of which something has become known since are held like others.
/// </summary>
internal sealed partial class CandleSeries
{
    /// <summary>The empty windows of an interval up to a time, which begins one.</summary>
    private void AddCarries(CandleBuilder builder, long until, bool isCovered)
    {
        var from = builder.ClosedUntil;
        if (until <= from)
        {
            return;
        }

        if (!isCovered || !builder.Carries || _lastClose is not { } price || IsTouched(from, until))
        {
            builder.CarryOnFrom(until);
            builder.ClosedUntil = until;
            return;
        }

        builder.ClosedUntil = until;

        _hasNews = _isDeadlineStale = true;
        var length = builder.Interval.Microseconds;
        if ((until - from) / length > _options.MaxCarry)
        {
            _metrics.CandleRemark(_instrument.Venue, "carry-skipped", (int)((until - from) / length) - _options.MaxCarry);
            from = until - (_options.MaxCarry * length);
            builder.CarryOnFrom(from);
        }

        if (builder.CarryNext < builder.CarryEnd && (builder.CarryEnd != from || builder.CarryPrice != price))
        {
            HoldCarries(builder);
        }

        builder.CarryNext = builder.CarryNext < builder.CarryEnd ? builder.CarryNext : from;
        builder.CarryEnd = until;
        builder.CarryPrice = price;
        NoteCarried(_silent, builder, from, until);
        NoteCarried(_skipped, builder, from, until);
    }

    private static void NoteCarried(List<OpenGap> holes, CandleBuilder builder, long from, long until)
    {
        foreach (var hole in holes)
        {
            if (from > hole.FoundFrom && until <= hole.To)
            {
                hole.AddCarried(builder.Interval, from, until);
            }
        }
    }

    /// <summary>A second run of empty windows before the first was written: the first is held window by window.</summary>
    private static void HoldCarries(CandleBuilder builder)
    {
        for (; builder.CarryNext < builder.CarryEnd; builder.CarryNext += builder.Interval.Microseconds)
        {
            var index = builder.Closed.Find(builder.CarryNext);
            if (index < 0)
            {
                ref var window = ref builder.Closed.Insert(~index, builder.CarryNext);
                (window.Sum, window.IsWhole) = (CandleSum.Carried(builder.CarryPrice), true);
            }
        }
    }

    private bool MayCarry(CandleBuilder builder) =>
        builder is { Carries: true, IsOpen: false }
        && builder.ClosedUntil != CandleBuilder.None
        && _lastClose is not null
        && IsCovered(builder.ClosedUntil)
        && !IsTouched(builder.ClosedUntil, builder.ClosedUntil + builder.Interval.Microseconds);

    /// <summary>It was written as an empty one, and nothing has come of it since.</summary>
    private static bool IsCarried(CandleBuilder builder, long openTime) =>
        builder.CarriedFrom != CandleBuilder.None && openTime >= builder.CarriedFrom
        && openTime + builder.Interval.Microseconds <= builder.ClosedUntil
        && (openTime < builder.CarryNext || openTime >= builder.CarryEnd) && openTime >= builder.EvictedUntil;

    /// <summary>Empty windows behind one whose close has changed carry the new one.</summary>
    private void Recarry(CandleBuilder builder, long openTime, Number close)
    {
        var length = builder.Interval.Microseconds;
        var end = Math.Min(builder.ClosedUntil, openTime + ((_options.MaxCarry + 1) * length));
        for (var next = openTime + length; next >= builder.CarriedFrom && next < end && builder.Carries; next += length)
        {
            var index = builder.Closed.Find(next);
            if (index >= 0 && builder.Closed[index].Sum.HasAny)
            {
                return;
            }

            SetCarried(ref index < 0 ? ref HoldCarried(builder, ~index, next) : ref builder.Closed[index], close);
        }
    }

    /// <summary>Holds an empty window that was written.</summary>
    private static ref ClosedWindow HoldCarried(CandleBuilder builder, int index, long openTime)
    {
        ref var window = ref builder.Closed.Insert(index, openTime);
        (window.IsWhole, window.IsPublished, window.WasComplete, window.Updates) = (true, true, true, 1);
        return ref window;
    }

    private static void SetCarried(ref ClosedWindow window, Number close)
    {
        window.Sum = CandleSum.Carried(close);
        window.IsDirty = true;
    }

    /// <summary>Empty windows that were written for a time of which something is lost are held: they are to be told of again.</summary>
    /// <param name="gap">The hole; null = what was carried last.</param>
    private void HoldCarried(CandleBuilder builder, long from, long to, OpenGap? gap)
    {
        if (builder.CarryNext < builder.CarryEnd && builder.CarryNext <= to && builder.CarryEnd > from)
        {
            HoldCarries(builder);
        }

        var interval = builder.Interval;
        var (first, end) = gap is null ? (builder.CarriedFrom, builder.ClosedUntil) : (gap.CarriedFrom[interval.Index], gap.CarriedUntil[interval.Index]);
        var close = gap?.PriceBefore ?? builder.CarryPrice;
        if (first >= end || first == CandleBuilder.None)
        {
            return;
        }

        end = Math.Min(end, to + 1);
        first = Math.Max(first, Math.Max(interval.OpenOf(from), interval.OpenOf(end - 1) - (_options.MaxCarry * interval.Microseconds)));
        for (var next = first; next < end; next += interval.Microseconds)
        {
            var index = builder.Closed.Find(next);
            if (index < 0 && (gap is not null || IsCarried(builder, next)))
            {
                HoldCarried(builder, ~index, next).Sum = CandleSum.Carried(close);
            }
        }
    }
}
