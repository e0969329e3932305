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
    private readonly List<IdRange> _explained = [];
    private readonly List<Gap> _times = [];
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
    public IReadOnlyList<Gap> End(long now)
    {
        var missing = new List<Gap>();
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

        TakeFromHoles(first, last);
        (_frontier, _frontierTime) = (last, trade.EventTime);
        _explained.RemoveAll(range => range.Last <= last);
        return true;
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
                var gap = new Gap(
                    _instrument, from, to, GapState.Open, "restart", [new IdRange(from, to)], _series, _frontierTime, trade.EventTime,
                    trade.ReceivedTime, trade.ReceivedTime, IsAnnounced: true);
                _holes.Add(new LogHole(gap) { IsFound = true });
                found.Add(gap);
            }

            from = to + 1;
        }
    }

    /// <summary>Whether a record of a hole speaks of the id; up to where it does, or from where one does again.</summary>
    private bool Covering(long id, out long next)
    {
        next = long.MaxValue;
        foreach (var range in _explained.Concat(_holes.Select(hole => new IdRange(hole.FromId, hole.ToId))))
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
        if (gap.State == GapState.Open)
        {
            _holes.Add(new LogHole(gap));
            return;
        }

        _silent = gap.State switch
        {
            GapState.VenueSilent => _silent + 1,
            GapState.Repaired => 0,
            _ => _silent,
        };
        if (gap.ToId > _frontier)
        {
            _explained.Add(new IdRange(gap.FromId, gap.ToId));
        }
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
        _explained.Clear();
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
