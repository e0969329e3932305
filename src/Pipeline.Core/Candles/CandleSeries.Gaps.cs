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

    // An audit compares a minute after its end, and waits half a minute; hours' candles are open then.
    private const long KeepSilent = 5 * 60_000_000L;

    private readonly List<OpenGap> _gaps = [];

    /// <summary>Times in which the venue had nothing, lately.</summary>
    private readonly List<(long From, long To, long Until)> _silent = [];

    /// <summary>Highest id of the newest hole that was filled: the trade behind it follows on it.</summary>
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
                // The venue itself has nothing there: what we have is all there is.
                _mendedTo = gap.ToId;
                if (gap.State == GapState.VenueSilent && gap.FromId >= 0)
                {
                    KeepTouched(gap);
                }

                if (Find(gap) is { } mended)
                {
                    Mend(mended);
                }

                break;
            default:
                GiveUp(gap);
                break;
        }
    }

    /// <summary>The venue may be asked again when its candle says more: until then what the hole touches may change.</summary>
    private void KeepTouched(in Gap gap)
    {
        _silent.RemoveAll(one => one.Until < _closedTime);
        if (_silent.Count < MaxGaps)
        {
            _silent.Add((gap.FromTime, gap.ToTime, gap.UpdatedTime + KeepSilent));
        }
    }

    private bool MayChange(CandleBuilder builder, long openTime)
    {
        foreach (var (from, to, until) in _silent)
        {
            if (openTime <= to && openTime + builder.Interval.Microseconds > from && until >= _closedTime)
            {
                return true;
            }
        }

        return false;
    }

    private OpenGap? Find(Gap gap) =>
        _gaps.Find(one => one.FromId == gap.FromId && (gap.FromId >= 0 || gap.FromTime == 0 || one.FoundFrom == gap.FromTime));

    private void Open(in Gap gap)
    {
        var nextId = gap.Missing.Count > 0 ? gap.Missing[0].First : gap.FromId;
        if (Find(gap) is { } known)
        {
            // All below is accounted for, whoever brought it.
            (known.NextId, known.HasSkipped) = (nextId, false);
            known.To = gap.ToTime > 0 ? gap.ToTime : known.To;
            return;
        }

        if (_gaps.Count >= MaxGaps)
        {
            GiveUp(_gaps[0]);
        }

        var from = gap.FromTime > 0 ? gap.FromTime : Math.Max(0, _lastTime);
        var opened = new OpenGap
        {
            FromId = gap.FromId,
            ToId = gap.ToId,
            FoundFrom = from,
            From = from,
            To = gap.ToTime > 0 ? gap.ToTime : long.MaxValue,
            NextId = nextId,
            PriceBefore = _lastClose,
        };
        foreach (var builder in _builders)
        {
            var index = builder.Interval.Index;
            opened.Next[index] = builder.Interval.OpenOf(from);
            opened.CarriedUntil[index] = builder.CarriedFrom < builder.ClosedUntil ? builder.ClosedUntil : CandleBuilder.None;
            opened.Close[index] = _lastClose;
        }

        _gaps.Add(opened);
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

    /// <summary>Nothing is missing before a repaired trade that follows on what was repaired before it. False when it does not.</summary>
    private static bool Narrow(OpenGap gap, in Trade trade)
    {
        var first = trade.Instrument.Rules.Trades == IdDiscipline.Ranges ? trade.FirstId : trade.Id;
        gap.HasSkipped |= first > gap.NextId;
        gap.NextId = Math.Max(gap.NextId, trade.Id + 1);
        if (gap.HasSkipped)
        {
            return false;
        }

        gap.From = Math.Max(gap.From, trade.EventTime);
        return true;
    }

    /// <summary>A trade below the newest id: one that was missing, or one that is late.</summary>
    private void AddRepaired(in Trade trade)
    {
        var id = trade.Id;
        var gap = _gaps.Find(one => one.HoldsId(id));
        _hasNews = _isDeadlineStale = true;
        if (gap is null)
        {
            _metrics.LateTrade(_instrument.Venue);
        }
        else if (Narrow(gap, trade))
        {
            Pass(gap, gap.From);
            Believe(gap);
        }

        AddBehind(trade, gap);
    }

    /// <summary>Windows that repair has gone beyond: where they carry, what it left empty is carried now that it is known to be empty.</summary>
    private void Pass(OpenGap gap, long time)
    {
        foreach (var builder in _builders)
        {
            ref var next = ref gap.Next[builder.Interval.Index];
            var length = builder.Interval.Microseconds;
            if (next + length > time)
            {
                continue;
            }

            if (!builder.Carries)
            {
                next = builder.Interval.OpenOf(time);
                continue;
            }

            var skipped = ((time - next) / length) - _options.MaxCarry;
            if (skipped > 0)
            {
                next += skipped * length;
                _metrics.CandleRemark(_instrument.Venue, "carry-skipped", (int)skipped);
            }

            for (; next + length <= time && !builder.Holds(next); next += length)
            {
                Pass(gap, builder, next);
            }
        }
    }

    private void Pass(OpenGap gap, CandleBuilder builder, long openTime)
    {
        var closeTime = openTime + builder.Interval.Microseconds;
        ref var close = ref gap.Close[builder.Interval.Index];
        var index = builder.Closed.Find(openTime);
        if (index >= 0 && builder.Closed[index].Sum.HasAny)
        {
            close = builder.Closed[index].Sum.Close;
            return;
        }

        var wasCarried = closeTime <= gap.CarriedUntil[builder.Interval.Index];
        if (index >= 0 || close is not { } price || openTime <= gap.FoundFrom || closeTime > gap.To || (wasCarried && price == gap.PriceBefore))
        {
            return;
        }

        ref var window = ref builder.Closed.Insert(~index, openTime);
        (window.Sum, window.IsWhole) = (CandleSum.Carried(price), true);
        (window.IsPublished, window.IsDirty, window.WasComplete, window.Updates) = (wasCarried, wasCarried, wasCarried, wasCarried ? 1 : 0);
        _metrics.CandleRemark(_instrument.Venue, "carried");
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
        if (Find(gap) is { } open)
        {
            GiveUp(open);
        }
        else
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

        MarkLost(gap.From, to);
    }

    /// <summary>What happened in this time will never be known.</summary>
    private void MarkLost(long from, long to)
    {
        _hasNews = _isDeadlineStale = true;
        _lostUntil = Math.Max(_lostUntil, to);
        foreach (var builder in _builders)
        {
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

        _lastId = -1;
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
