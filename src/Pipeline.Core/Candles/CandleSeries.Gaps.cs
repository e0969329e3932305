using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// What becomes of windows in which trades are missing. Those that a hole touches are not told of as final until it is filled, or 10 s
/// past their end; then they are, as incomplete ones, and revised once, when it is filled. Repair goes forward in time: what it has
/// gone beyond is done with.
/// </summary>
internal sealed partial class CandleSeries
{
    // Station 4 remembers no more either; the oldest beyond it counts as given up.
    private const int MaxGaps = 64;

    private readonly List<OpenGap> _gaps = [];

    /// <summary>Highest id of the holes that were filled: the trade behind it follows on it.</summary>
    private long _mendedTo = long.MinValue;

    public void Note(in Gap gap)
    {
        _hasNews = _isDeadlineStale = true;
        switch (gap.State)
        {
            case GapState.Open:
                Open(gap);
                break;
            case GapState.Reset:
                ForgetIds();
                MarkLost(gap.FromTime > 0 ? gap.FromTime : _lastTime, Math.Max(gap.ToTime, _lastTime));
                break;
            case GapState.Repaired:
            case GapState.VenueSilent:
                Mend(gap);
                break;
            default:
                GiveUp(gap);
                break;
        }
    }

    /// <summary>
    /// What the record speaks of: the hole of its name, and what lies in it. A restart finds holes by ids alone, in the order of the log: the record of a hole, of which parts came in
    /// time, stands behind those parts, and speaks of all the pieces between them.
    /// </summary>
    private static List<OpenGap> Within(List<OpenGap> gaps, Gap gap) => gaps.FindAll(one => gap.FromId >= 0
        ? one.FromId == gap.FromId || (one.FromId > gap.FromId && one.ToId <= gap.ToId)
        : one.FromId < 0 && (gap.FromTime == 0 || one.FoundFrom == gap.FromTime));

    private void Open(in Gap gap)
    {
        var known = Within(_gaps, gap);
        foreach (var one in known)
        {
            // All below is accounted for, whoever brought it.
            (one.NextId, one.HasSkipped) = (FirstMissing(gap, one.FromId, one.ToId) ?? (known.Count == 1 ? gap.FromId : one.ToId + 1), false);
            one.To = gap.ToTime > 0 && known.Count == 1 ? gap.ToTime : one.To;
        }

        if (known.Count > 0)
        {
            return;
        }

        var pieces = Within(_silent, gap);
        foreach (var piece in pieces)
        {
            _silent.Remove(piece);
            if (FirstMissing(gap, piece.FromId, piece.ToId) is { } nextId)
            {
                piece.NextId = nextId;
                Reopen(piece, isKnown: true);
                Add(piece);
            }
        }

        if (pieces.Count == 0)
        {
            var opened = Make(gap, gap.Missing.Count > 0 ? gap.Missing[0].First : gap.FromId);

            // One that lies behind us and of which nothing is remembered: what was told of it is forgotten, or was told by nobody.
            if (gap.FromId >= 0 && gap.ToId <= _lastId)
            {
                Reopen(opened, isKnown: false);
            }

            Add(opened);
        }
    }

    private static long? FirstMissing(in Gap gap, long fromId, long toId)
    {
        foreach (var range in gap.Missing)
        {
            if (range.First <= toId && range.Last >= fromId)
            {
                return Math.Max(range.First, fromId);
            }
        }

        return null;
    }

    private void Add(OpenGap gap)
    {
        if (_gaps.Count >= MaxGaps)
        {
            GiveUp(_gaps[0]);
        }

        _gaps.Add(gap);
    }

    private OpenGap Make(in Gap gap, long nextId)
    {
        // The beginning of it may have come in time.
        var from = gap.FromTime <= 0 || (nextId == _lastId + 1 && _isOrdered) ? Math.Max(Math.Max(0, _lastTime), gap.FromTime) : gap.FromTime;
        var made = new OpenGap
        {
            FromId = gap.FromId,
            ToId = gap.ToId,
            FoundFrom = from,
            From = from,
            To = gap.ToTime > 0 ? gap.ToTime : long.MaxValue,

            // Where something in the midst of it came in time, more than one price may have been carried.
            PriceBefore = _lastTime > from ? null : _lastClose,
            NextId = nextId,
        };
        foreach (var builder in _builders)
        {
            var index = builder.Interval.Index;
            made.Next[index] = IsHeldFrom(builder, from) ? builder.Interval.OpenOf(from) : OpenGap.Unknown;
            made.Close[index] = _lastClose;
            if (builder.CarryNext < builder.CarryEnd && builder.CarryEnd > from)
            {
                HoldCarries(builder);
            }

            if (builder.CarriedFrom != CandleBuilder.None && builder.CarriedFrom < builder.ClosedUntil)
            {
                made.AddCarried(builder.Interval, Math.Max(builder.CarriedFrom, builder.EvictedUntil), builder.ClosedUntil);
            }
        }

        return made;
    }

    /// <summary>A trade behind a hole that station 4 has told of; or one of which nobody told, which then is lost.</summary>
    private void MeetGap(long time, long firstId)
    {
        var isKnown = false;
        foreach (var gap in _gaps)
        {
            gap.To = gap.To == long.MaxValue ? time : gap.To;
            isKnown |= gap.To >= Math.Min(_lastTime, time);
        }

        if (!isKnown && _mendedTo != firstId - 1)
        {
            MarkLost(Math.Min(_lastTime, time), time);
        }
    }

    /// <summary>The newest trade follows by id on the one before it.</summary>
    private void Prove(in Trade trade)
    {
        if (_hasDoubts)
        {
            _hasDoubts = false;
            foreach (var builder in _builders)
            {
                Believe(builder, long.MinValue, long.MaxValue);
            }
        }

        foreach (var gap in _gaps)
        {
            if (gap.HoldsId(trade.Id))
            {
                Narrow(gap, trade);
                foreach (var builder in _builders)
                {
                    gap.Next[builder.Interval.Index] = builder.Interval.OpenOf(gap.From);
                }
            }
        }
    }

    /// <summary>All of it came that there is: where the venue itself has nothing, what we have is all.</summary>
    private void Mend(in Gap gap)
    {
        _mendedTo = Math.Max(_mendedTo, gap.ToId);
        var ended = Within(_gaps, gap);
        foreach (var one in ended)
        {
            Mend(one);
        }

        if (gap.State == GapState.VenueSilent && gap.FromId >= 0)
        {
            foreach (var range in gap.Missing)
            {
                KeepSilent(gap, range, ended);
            }
        }
    }

    private void Mend(OpenGap gap)
    {
        var to = gap.To == long.MaxValue ? _lastTime : gap.To;
        Pass(gap, to);
        _gaps.Remove(gap);
        foreach (var builder in _builders)
        {
            Believe(builder, gap.FoundFrom, to);
        }
    }

    /// <summary>Windows that end before what is still missing were doubted for this hole's sake.</summary>
    private void Believe(OpenGap gap)
    {
        foreach (var builder in _hasDoubts ? _builders : [])
        {
            for (var i = 0; i < builder.Closed.Count; i++)
            {
                ref var window = ref builder.Closed[i];
                var closeTime = window.OpenTime + builder.Interval.Microseconds;
                window.IsDoubted &= closeTime > gap.From || closeTime <= gap.FoundFrom;
            }
        }
    }

    /// <summary>Windows in this time are complete as far as they are whole: those that said otherwise say so.</summary>
    private void Believe(CandleBuilder builder, long from, long to)
    {
        _hasNews = _isDeadlineStale = true;
        for (var i = 0; i < builder.Closed.Count; i++)
        {
            ref var window = ref builder.Closed[i];
            if (window.OpenTime <= to && window.OpenTime + builder.Interval.Microseconds > from)
            {
                window.IsDoubted = window.IsRepair = false;
            }
        }
    }

    private void GiveUp(in Gap gap)
    {
        var ended = Within(_gaps, gap);
        foreach (var one in ended)
        {
            GiveUp(one);
        }

        if (ended.Count == 0)
        {
            MarkLost(gap.FromTime > 0 ? gap.FromTime : _lastTime, gap.ToTime > 0 ? gap.ToTime : _lastTime);
        }
    }

    private void GiveUp(OpenGap gap)
    {
        _gaps.Remove(gap);
        var to = gap.To == long.MaxValue ? _lastTime : gap.To;
        foreach (var builder in _builders)
        {
            for (var i = 0; i < builder.Closed.Count; i++)
            {
                builder.Closed[i].IsRepair = false;
            }
        }

        MarkLost(gap.From, to, gap);
    }

    /// <summary>What happened in this time will never be known.</summary>
    private void MarkLost(long from, long to, OpenGap? gap = null)
    {
        _hasNews = _isDeadlineStale = true;
        _lostUntil = Math.Max(_lostUntil, to);
        foreach (var builder in _builders)
        {
            HoldCarried(builder, from, to, gap);
            if (builder.IsOpen && builder.OpenTime <= to && builder.CloseTime > from)
            {
                builder.IsWhole = false;
            }

            for (var i = 0; i < builder.Closed.Count; i++)
            {
                ref var window = ref builder.Closed[i];
                if (window.OpenTime <= to && window.OpenTime + builder.Interval.Microseconds > from)
                {
                    window.IsWhole = false;
                    window.IsDirty |= window is { IsPublished: true, WasComplete: true };
                }
            }
        }
    }

    private void ForgetIds()
    {
        while (_gaps.Count > 0)
        {
            GiveUp(_gaps[0]);
        }

        _silent.Clear();
        _skipped.Clear();
        (_lastId, _mendedTo) = (-1, long.MinValue);
        foreach (var builder in _builders)
        {
            builder.Sum.ForgetIds();
        }
    }

    private bool IsTouched(CandleBuilder builder, long openTime) =>
        _gaps.Count > 0 && IsTouched(openTime, openTime + builder.Interval.Microseconds);

    private bool IsTouched(long openTime, long closeTime)
    {
        foreach (var gap in _gaps)
        {
            if (gap.Touches(openTime, closeTime))
            {
                return true;
            }
        }

        return false;
    }
}
