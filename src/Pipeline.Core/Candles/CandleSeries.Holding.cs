using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>How long windows are held that were told of as final: as long as something of them may still change.</summary>
internal sealed partial class CandleSeries
{
    // Windows held per interval that may still be revised. By id hardly anything is late; without ids it may be by some seconds.
    private const int KeepOrdered = 2;
    private const int KeepUnordered = 5;

    // Windows that wait for a hole are held beyond that, up to this many.
    private const int MaxClosed = 4_096;

    // Those that a silent hole touches only up to this many: in the end they are in every record of the state.
    private const int MaxSilent = 512;

    private void Evict(CandleBuilder builder)
    {
        var keep = _isOrdered ? KeepOrdered : KeepUnordered;
        for (var i = 0; i < builder.Closed.Count - keep;)
        {
            ref var window = ref builder.Closed[i];
            if (!window.IsPublished || (builder.Closed.Count <= MaxClosed && (MustKeep(builder, window) || IsKeptSilent(builder, window.OpenTime))))
            {
                i++;
                continue;
            }

            // One that was carried, and nothing else, would come back as it is.
            if (!IsCarried(builder, window.OpenTime) || window is not { Revision: 0, Sum.HasAny: false })
            {
                builder.EvictedUntil = Math.Max(builder.EvictedUntil, window.OpenTime + builder.Interval.Microseconds);
            }

            builder.Closed.RemoveAt(i);
        }
    }

    private bool MustKeep(CandleBuilder builder, in ClosedWindow window)
    {
        // The clock closed it: the next trade by id, which repair may be bringing just now, can belong to it.
        var isNewest = _isOrdered && window.OpenTime + builder.Interval.Microseconds > _lastTime;
        if (isNewest || window.IsRevisionDue || IsTouched(builder, window.OpenTime))
        {
            return true;
        }

        // Of those around it, which were carried, nothing is held: that this one was not must be known.
        if (IsCarried(builder, window.OpenTime) && window is { Sum.HasAny: true } or { Revision: > 0 })
        {
            return true;
        }

        return IsAt(_gaps, builder, window.OpenTime);
    }

    private bool IsKeptSilent(CandleBuilder builder, long openTime)
    {
        if (!IsAt(_silent, builder, openTime))
        {
            return false;
        }

        if (builder.Closed.Count <= MaxSilent)
        {
            return true;
        }

        // Half of what a hole touches is not enough to revise it by.
        for (var i = _silent.Count - 1; i >= 0; i--)
        {
            if (_silent[i].IsAt(builder.Interval, openTime))
            {
                _silent.RemoveAt(i);
                _metrics.CandleRemark(_instrument.Venue, "silent-forgotten");
            }
        }

        return false;
    }

    private static bool IsAt(List<OpenGap> holes, CandleBuilder builder, long openTime)
    {
        foreach (var hole in holes)
        {
            if (hole.IsAt(builder.Interval, openTime))
            {
                return true;
            }
        }

        return false;
    }
}
