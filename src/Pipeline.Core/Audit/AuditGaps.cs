using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>Holes of one instrument that may explain a candle: those that are open, and those that will stay.</summary>
internal sealed class AuditGaps(int most)
{
    private readonly List<Gap> _gaps = [];

    public void Note(in Gap gap)
    {
        var (fromId, openedTime) = (gap.FromId, gap.OpenedTime);
        _gaps.RemoveAll(known => known.FromId == fromId && (fromId >= 0 || known.OpenedTime == openedTime));
        if (gap.State == GapState.Repaired)
        {
            return;
        }

        if (_gaps.Count == most)
        {
            _gaps.RemoveAt(0);
        }

        _gaps.Add(gap);
    }

    /// <summary>Those that touch the window: by ids where the venue's candle tells them, else by time.</summary>
    /// <param name="venue">The venue's candle; null when only the time is known.</param>
    public IEnumerable<Gap> Touching(long openTime, long closeTime, Candle? venue, bool hasIds)
    {
        foreach (var gap in _gaps)
        {
            if (Touches(gap, openTime, closeTime, venue, hasIds))
            {
                yield return gap;
            }
        }
    }

    public static bool Touches(in Gap gap, long openTime, long closeTime, Candle? venue, bool hasIds)
    {
        if (hasIds && gap.FromId >= 0 && venue is { FirstId: >= 0 } told)
        {
            return gap.FromId <= told.LastId && gap.ToId >= told.FirstId;
        }

        // What is missing was traded between the trades around it, at their times at the latest.
        return gap.FromTime < closeTime && (gap.ToTime == 0 || gap.ToTime >= openTime);
    }
}
