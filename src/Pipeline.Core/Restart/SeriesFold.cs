using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Restart;

/// <summary>
/// Where station 4 stood behind the last trade of the log: the frontier, and what is missing below it. A fold over what was written, not
/// the station itself, which decides what is written: here a trade is in the log, and so it counts, unless one that stands for its ids
/// was there before. For one instrument.
/// </summary>
internal sealed class SeriesFold
{
    private readonly Instrument _instrument;
    private readonly List<LogHole> _holes = [];
    private readonly List<Gap> _explained = [];
    private readonly List<Gap> _inTime = [];
    private readonly List<Gap> _times = [];
    private readonly List<Gap> _silentHoles = [];
    private readonly Queue<long> _recent = new();
    private readonly HashSet<long> _known = [];
    private readonly bool _isUnordered;
    private readonly bool _isDemoted;
    private Gap? _foundReset;
    private long _frontier = -1;
    private long _frontierTime;
    private long _series;
    private int _silent;

    public SeriesFold(Instrument instrument, TradeSeriesState? state)
    {
        _instrument = instrument;
        if (state is not null)
        {
            (_frontier, _frontierTime, _series) = (state.Frontier, state.FrontierTime, state.Series);
            (_silent, _isDemoted) = (state.SilentGaps, state.IsDemoted);
            _holes.AddRange(state.OpenGaps.Where(gap => gap.FromId >= 0).Select(gap => new LogHole(gap)));
            _silentHoles.AddRange(state.SilentHoles);
            _times.AddRange(state.OpenGaps.Where(gap => gap.FromId < 0));
            foreach (var id in state.RecentIds)
            {
                Remember(id);
            }
        }

        _isUnordered = instrument.Rules.Trades == IdDiscipline.Unordered || _isDemoted;
    }

    /// <summary>Counts a trade of the log in; false when its ids are covered already.</summary>
    /// <param name="afterGap">Something is missing before it, so that the candles must know.</param>
    /// <param name="found">Gets the holes before it that no record told of.</param>
    public bool Take(in Trade trade, out bool afterGap, List<Gap> found)
    {
        afterGap = false;
        return _isUnordered ? TakeUnordered(trade) : TakeOrdered(trade, out afterGap, found);
    }

    /// <summary>
    /// To be called behind the last record: what the log lacks of <c>md.gaps</c>. Holes that nobody has announced are, since what comes of
    /// them will come out of order; holes of which everything came are closed.
    /// </summary>
    /// <param name="found">Gets the holes before an announced one that show only now.</param>
    public IReadOnlyList<Gap> End(long now, List<Gap> found)
    {
        if (!_isUnordered)
        {
            CoverWhatIsTold(found);
        }

        var missing = new List<Gap>(_inTime.Select(gap => gap with { UpdatedTime = now }));
        _silent = _inTime.Count > 0 ? 0 : _silent;
        if (_foundReset is { } reset)
        {
            missing.Add(reset with { UpdatedTime = now });
        }

        foreach (var hole in _holes)
        {
            if (hole.IsFound != hole.IsFilled)
            {
                _silent = hole.IsFilled ? 0 : _silent;
                missing.Add(hole.ToGap() with { State = hole.IsFilled ? GapState.Repaired : GapState.Open, UpdatedTime = now });
            }
        }

        _holes.RemoveAll(hole => hole.IsFilled);
        return missing;
    }

    /// <summary>Notes a record of <c>md.gaps</c>, at its place among the trades.</summary>
    public void Note(in Gap gap)
    {
        if (gap.State == GapState.Reset)
        {
            NoteReset(gap);
        }
        else if (gap.FromId < 0)
        {
            NoteTime(gap);
        }
        else if (gap.Series == _series)
        {
            NoteIds(gap);
        }
    }

    public TradeSeriesState ToState() => new()
    {
        Frontier = _frontier,
        FrontierTime = _frontierTime,
        Series = _series,
        OpenGaps = [.. _holes.Where(hole => !hole.IsFilled).Select(hole => hole.ToGap()), .. _times],
        SilentHoles = [.. _silentHoles],
        SilentGaps = _silent,
        IsDemoted = _isDemoted,
        RecentIds = [.. _recent],
    };

    private bool TakeUnordered(in Trade trade)
    {
        if (!Remember(trade.Id))
        {
            return false;
        }

        _frontierTime = Math.Max(_frontierTime, trade.EventTime);
        if (_isDemoted)
        {
            _frontier = Math.Max(_frontier, trade.Id);
            TakeFromHoles(trade.Id, trade.Id);
        }

        return true;
    }

    private bool TakeOrdered(in Trade trade, out bool afterGap, List<Gap> found)
    {
        afterGap = false;
        var (first, last) = (FirstIdOf(trade), trade.Id);
        if (_frontier >= 0 && last <= _frontier)
        {
            if (TakeFromHoles(first, last))
            {
                return true;
            }

            // Station 4 passes such a trade on for one reason alone: it had seen that the venue counts anew.
            if (trade.EventTime <= _frontierTime || _frontier - last < SeriesWatch.FarBelow || trade.Source != TradeSource.Live)
            {
                return false;
            }

            found.Add(FindReset(trade));
        }

        afterGap = _frontier >= 0 && first > _frontier + 1;
        if (afterGap)
        {
            FindHoles(first, trade, found);
        }

        if (!TakeFromHoles(first, last) && trade.Source == TradeSource.Repair && _frontier >= 0 && !Covering(last, out _))
        {
            NoteInTime(first, trade);
        }

        (_frontier, _frontierTime) = (last, trade.EventTime);
        _explained.RemoveAll(gap => gap.ToId <= last);
        return true;
    }

    /// <summary>
    /// A fetched trade in its place: its hole was filled before anything behind it left, and the record that says so comes last. It has not
    /// come yet.
    /// </summary>
    private void NoteInTime(long first, in Trade trade)
    {
        if (_inTime is [.., var last] && last.ToId + 1 == first)
        {
            _inTime[^1] = last with { ToId = trade.Id, ToTime = trade.EventTime };
            return;
        }

        _inTime.Add(new Gap(
            _instrument, first, trade.Id, GapState.Repaired, GapReason.Restart, [], _series, _frontierTime, trade.EventTime, trade.ReceivedTime,
            trade.ReceivedTime, IsAnnounced: false));
    }

    /// <summary>
    /// A hole is told of before the first trade behind it leaves, and trades before it may still be under way: where the log ends there, the
    /// next trade to be expected is the one behind the hole, and what lies before it unseen is a hole too.
    /// </summary>
    private void CoverWhatIsTold(List<Gap> found)
    {
        var told = _holes.Where(hole => hole.ToId > _frontier).Select(hole => hole.ToGap()).Concat(_explained).OrderBy(gap => gap.FromId).ToList();
        foreach (var gap in told)
        {
            if (_frontier >= 0 && gap.FromId > _frontier + 1)
            {
                AddFound(_frontier + 1, gap.FromId - 1, gap.FromTime, gap.OpenedTime, found);
            }

            (_frontier, _frontierTime) = (Math.Max(_frontier, gap.ToId), Math.Max(_frontierTime, gap.ToTime));
        }
    }

    /// <summary>Rows of a channel whose rows stand for ranges may overlap what is covered; the rest counts by its own id.</summary>
    private long FirstIdOf(in Trade trade) => _instrument.Rules.Trades == IdDiscipline.Ranges ? trade.FirstId : trade.Id;

    private bool TakeFromHoles(long first, long last)
    {
        var isTaken = false;
        foreach (var hole in _holes)
        {
            isTaken |= hole.Take(first, last);
        }

        return isTaken;
    }

    private void FindHoles(long first, in Trade trade, List<Gap> found)
    {
        var from = _frontier + 1;
        while (from < first)
        {
            var covered = Covering(from, out var next);
            var to = Math.Min(covered ? next : next - 1, first - 1);
            if (!covered)
            {
                AddFound(from, to, trade.EventTime, trade.ReceivedTime, found);
            }

            from = to + 1;
        }
    }

    private void AddFound(long from, long to, long toTime, long now, List<Gap> found)
    {
        var gap = new Gap(
            _instrument, from, to, GapState.Open, GapReason.Restart, [new IdRange(from, to)], _series, _frontierTime, toTime, now, now,
            IsAnnounced: true);
        _holes.Add(new LogHole(gap) { IsFound = true });
        found.Add(gap);
    }

    /// <summary>Whether a record of a hole speaks of the id; up to where it does, or from where one does again.</summary>
    private bool Covering(long id, out long next)
    {
        next = long.MaxValue;
        foreach (var range in _explained.Select(gap => new IdRange(gap.FromId, gap.ToId)).Concat(_holes.Select(hole => new IdRange(hole.FromId, hole.ToId))))
        {
            if (range.Holds(id))
            {
                next = range.Last;
                return true;
            }

            if (range.First > id)
            {
                next = Math.Min(next, range.First);
            }
        }

        return false;
    }

    private void NoteIds(in Gap gap)
    {
        var (fromId, toId) = (gap.FromId, gap.ToId);
        _holes.RemoveAll(hole => hole.FromId == fromId || (hole.IsFound && hole.FromId >= fromId && hole.ToId <= toId));
        _silentHoles.RemoveAll(hole => hole.FromId == fromId);
        _inTime.RemoveAll(one => one.FromId >= fromId && one.ToId <= toId);
        if (gap.State == GapState.Open)
        {
            _holes.Add(new LogHole(gap));
            return;
        }

        if (gap.State == GapState.Repaired)
        {
            _silent = 0;
        }
        else if (gap.State == GapState.VenueSilent)
        {
            NoteSilent(gap);
        }

        if (gap.ToId > _frontier)
        {
            _explained.Add(gap);
        }
    }

    private void NoteSilent(in Gap gap)
    {
        // One that was asked for again says nothing new of the venue's ids.
        _silent += gap.Reason == GapReason.Audit ? 0 : 1;
        if (_silentHoles.Count >= SilentHoles.Most)
        {
            _silentHoles.RemoveAt(0);
        }

        _silentHoles.Add(gap);
    }

    private void NoteTime(Gap gap)
    {
        _times.RemoveAll(one => one.OpenedTime == gap.OpenedTime);
        if (gap.State == GapState.Open)
        {
            _times.Add(gap);
        }
    }

    private void NoteReset(in Gap gap)
    {
        _foundReset = null;
        if (gap.Series > _series)
        {
            Restart(gap.Series);
        }
    }

    private Gap FindReset(in Trade trade)
    {
        var reset = new Gap(
            _instrument, _frontier + 1, ToId: -1, GapState.Reset, "reset", [], _series + 1, _frontierTime, trade.EventTime,
            trade.ReceivedTime, trade.ReceivedTime, IsAnnounced: false);
        _foundReset = reset;
        Restart(_series + 1);
        return reset;
    }

    private void Restart(long series)
    {
        (_frontier, _frontierTime, _series) = (-1, 0, series);
        _holes.Clear();
        _silentHoles.Clear();
        _explained.Clear();
        _inTime.Clear();
    }

    private bool Remember(long id)
    {
        if (!_known.Add(id))
        {
            return false;
        }

        _recent.Enqueue(id);
        if (_recent.Count > Sequencer.MaxRecentIds)
        {
            _known.Remove(_recent.Dequeue());
        }

        return true;
    }
}
