using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Judges, for one instrument and a channel between whose rows no id is missing, which copy goes on: each id once, ids rising, holes
/// found and filled. A row stands for one id or for a range of them. The first row ever is the anchor.
/// Holes lie below the frontier, announced, or above it, and then rows wait behind them up to <see cref="Top"/>.
/// Plain and synchronous; no clock.
/// </summary>
internal sealed class Arbiter
{
    /// <summary>Most holes at once; beyond this many the oldest is given up.</summary>
    public const int MaxGaps = 64;

    // No id is this one: nothing is the plain next.
    private const long None = -2;

    private readonly List<TradeGap> _gaps = [];

    /// <summary>Highest id that went on; -1 before the first.</summary>
    public long Frontier { get; private set; } = -1;

    /// <summary>Event time of that trade, microseconds.</summary>
    public long FrontierTime { get; private set; }

    /// <summary>Highest id that was seen, or is known to be missing; above the frontier while rows wait.</summary>
    public long Top { get; private set; } = -1;

    public long TopTime { get; private set; }

    /// <summary>How often the venue has begun to count anew.</summary>
    public long Series { get; private set; }

    /// <summary>The id that goes on without any ado; none while something waits.</summary>
    public long NextId { get; private set; } = None;

    /// <summary>Oldest first, which is by id.</summary>
    public List<TradeGap> Gaps => _gaps;

    /// <summary>The lowest hole that rows wait behind; null when none do.</summary>
    public TradeGap? Waiting
    {
        get
        {
            foreach (var gap in _gaps)
            {
                if (gap.IsWaiting)
                {
                    return gap;
                }
            }

            return null;
        }
    }

    /// <summary>Judges a row that stands for the ids <paramref name="first"/> to <paramref name="last"/>; changes nothing.</summary>
    /// <param name="time">Event time of the copy, microseconds.</param>
    /// <param name="gap">The hole in which it is missing, if it is.</param>
    public TradeVerdict Judge(long first, long last, long time, out TradeGap? gap)
    {
        gap = null;
        if (Frontier < 0)
        {
            return TradeVerdict.Next;
        }

        if (last <= Frontier)
        {
            // Copies and late arrivals are older than the frontier; only a new series has later times under lower ids.
            return time > FrontierTime && Frontier - last >= SeriesWatch.FarBelow ? TradeVerdict.Suspect : JudgeOld(first, last, out gap);
        }

        if (first > Top)
        {
            return first == Frontier + 1 ? TradeVerdict.Next : TradeVerdict.Ahead;
        }

        gap = Find(first, last);
        if (gap is not null)
        {
            return first == Frontier + 1 ? TradeVerdict.Next : TradeVerdict.Within;
        }

        return first > Frontier && last <= Top && !IsMissing(first, last) ? TradeVerdict.Duplicate : TradeVerdict.Overlap;
    }

    /// <summary>Judges a row at or below the frontier that is of this series.</summary>
    public TradeVerdict JudgeOld(long first, long last, out TradeGap? gap)
    {
        gap = Find(first, last);
        if (gap is not null)
        {
            return TradeVerdict.Late;
        }

        return IsMissing(first, last) ? TradeVerdict.Overlap : TradeVerdict.Duplicate;
    }

    /// <summary>The hole in which all of the row is missing.</summary>
    public TradeGap? Find(long first, long last)
    {
        foreach (var gap in _gaps)
        {
            if (gap.Holds(first, last))
            {
                return gap;
            }
        }

        return null;
    }

    /// <summary>The hole that bears the name.</summary>
    public TradeGap? Named(long fromId)
    {
        foreach (var gap in _gaps)
        {
            if (gap.IsAsked && gap.FromId == fromId)
            {
                return gap;
            }
        }

        return null;
    }

    /// <summary>Something that may still come is missing before the row.</summary>
    public bool IsBlocked(long first) => Waiting is { IsAnnounced: false } gap && gap.FirstOpen < first;

    /// <summary>A row went on.</summary>
    public void Advance(long last, long time)
    {
        (Frontier, FrontierTime) = (last, time);
        if (last > Top)
        {
            (Top, TopTime) = (last, time);
        }

        NextId = Top == last && NextId != None ? last + 1 : None;
    }

    /// <summary>A row waits.</summary>
    public void Reach(long last, long time)
    {
        NextId = None;
        if (last > Top)
        {
            (Top, TopTime) = (last, time);
        }
    }

    /// <summary>A hole behind all that was seen.</summary>
    public void Open(TradeGap gap)
    {
        gap.IsWaiting = true;
        _gaps.Add(gap);
        Reach(gap.ToId, gap.ToTime);
    }

    public void Remove(TradeGap gap) => _gaps.Remove(gap);

    /// <summary>To be called when everything was done about a row: when nothing waits any more, the next id goes on as it comes.</summary>
    public void Settle(bool isPlain) => NextId = isPlain && Frontier >= 0 && Top == Frontier && Waiting is null ? Frontier + 1 : None;

    /// <summary>The venue counts anew: the next row is the anchor.</summary>
    public void Restart()
    {
        _gaps.Clear();
        Series++;
        (Frontier, FrontierTime, Top, TopTime, NextId) = (-1, 0, -1, 0, None);
    }

    /// <summary>Goes on where another process has ended.</summary>
    public void Restore(TradeSeriesState state)
    {
        (Frontier, FrontierTime, Series) = (state.Frontier, state.FrontierTime, state.Series);
        (Top, TopTime) = (Frontier, FrontierTime);
        foreach (var gap in state.OpenGaps.Where(gap => gap.FromId >= 0 && gap.Missing.Count > 0))
        {
            _gaps.Add(new TradeGap(gap.FromId, gap.ToId, gap.Series, gap.Missing)
            {
                Reason = gap.Reason,
                FromTime = gap.FromTime,
                ToTime = gap.ToTime,
                OpenedTime = gap.OpenedTime,
                IsAnnounced = true,
            });
        }
    }

    private bool IsMissing(long first, long last)
    {
        foreach (var gap in _gaps)
        {
            if (gap.Touches(first, last))
            {
                return true;
            }
        }

        return false;
    }
}
