using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>
/// Proves of one instrument's trades that each id is covered once and in order. Holes are kept until the ledger of gaps explains them
/// (<see cref="HoleJudge"/>).
/// </summary>
internal sealed class IdCoverage(InstrumentScope scope)
{
    private readonly List<IdHole> _holes = [];
    private readonly Queue<long> _resets = new();
    private bool _isCut;

    /// <summary>First id read; -1 before the first trade.</summary>
    public long First { get; private set; } = -1;

    /// <summary>Greatest id read.</summary>
    public long Frontier { get; private set; } = -1;

    /// <summary>Event time of the first trade read.</summary>
    public long FirstTime { get; private set; } = long.MaxValue;

    /// <summary>Greatest event time of what was read in order.</summary>
    public long LastTime { get; private set; } = long.MinValue;

    /// <summary>Records were deleted before the first one read.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Those found so far that are not judged or were lost, by id.</summary>
    public List<IdHole> Holes => _holes;

    /// <summary>The same, of a series of ids that is over.</summary>
    public List<IdHole> EarlierHoles { get; } = [];

    /// <summary>Records were deleted before they were read; what is missing around here may have been written.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var hole in _holes)
        {
            hole.IsUnread |= hole.Missing.Count > 0;
        }
    }

    /// <summary>The venue counts anew with the trade at this offset or behind it.</summary>
    public void ResetAt(long offset) => _resets.Enqueue(offset);

    /// <summary>False for a trade that must not be counted again.</summary>
    public bool Add(in TradeRow row, long offset)
    {
        var ids = new IdRange(scope.Rules.Ids == IdDiscipline.Ranges ? row.FirstId : row.Id, row.Id);
        if (First < 0 || IsReset(ids, offset))
        {
            First = ids.First;
            FirstTime = Math.Min(FirstTime, row.EventTime);
            return Advance(ids, row.EventTime);
        }

        if (ids.First > Frontier)
        {
            if (ids.First > Frontier + 1)
            {
                AddHole(new IdHole(new IdRange(Frontier + 1, ids.First - 1), offset, LastTime, row.EventTime) { IsUnread = _isCut });
            }

            _isCut = false;
            return Advance(ids, row.EventTime);
        }

        return ids.Last < First ? IsBeforeFirst(ids, offset) : AddBehind(ids, row.Source, offset);
    }

    /// <summary>Whether a time, from its begin to before its end, is touched by a hole that the ledger has not settled yet.</summary>
    public bool HasUnjudgedHole(long begin, long end)
    {
        foreach (var hole in _holes)
        {
            if (!hole.IsJudged && hole.FromTime < end && hole.ToTime >= begin)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes note of a trade whose id says nothing of order.</summary>
    public void Note(in TradeRow row)
    {
        FirstTime = Math.Min(FirstTime, row.EventTime);
        LastTime = Math.Max(LastTime, row.EventTime);
        scope.Counts.Ids++;
    }

    private bool Advance(IdRange ids, long time)
    {
        Frontier = ids.Last;
        LastTime = Math.Max(LastTime, time);
        scope.Counts.Ids += ids.Count;
        return true;
    }

    private bool IsReset(IdRange ids, long offset)
    {
        if (!_resets.TryPeek(out var from) || offset < from || (from < 0 && ids.First > Frontier))
        {
            return false;
        }

        _resets.Dequeue();
        EarlierHoles.AddRange(_holes);
        _holes.Clear();
        return true;
    }

    private bool IsBeforeFirst(IdRange ids, long offset)
    {
        scope.OfTrades(
            IsTruncated ? FindingKind.BeforeFirstTrade : FindingKind.OutOfOrder,
            offset,
            $"trade {ids.Last} lies below {First}, the first id read");
        return false;
    }

    /// <summary>A trade behind later ones: it must fill a hole.</summary>
    private bool AddBehind(IdRange ids, TradeSource source, long offset)
    {
        var hole = Find(ids);
        var missing = hole is null ? [] : IdRanges.Intersect(hole.Missing, [ids]);
        if (hole is null || IdRanges.Count(missing) != ids.Count)
        {
            scope.OfTrades(FindingKind.Duplicate, offset, $"trade {(ids.Count == 1 ? "" : $"{ids.First}…")}{ids.Last} was covered before, the newest id is {Frontier}");
            hole?.Fill(ids, offset);
            return false;
        }

        if (source != TradeSource.Repair)
        {
            scope.OfTrades(FindingKind.OutOfOrder, offset, $"{Name(source)} trade {ids.Last} lies behind {Frontier}");
        }
        else if (ids.First <= hole.LastFilled)
        {
            scope.OfTrades(FindingKind.OutOfOrder, offset, $"repaired trade {ids.Last} lies behind {hole.LastFilled} of the same hole");
        }

        hole.Fill(ids, offset);
        scope.Counts.Ids += ids.Count;
        scope.Counts.RepairedIds += ids.Count;
        return true;
    }

    private void AddHole(IdHole hole)
    {
        scope.Counts.Holes++;
        if (_holes.Count >= scope.Options.MaxHoles)
        {
            var oldest = _holes[0];
            _holes.RemoveAt(0);
            scope.OfTrades(FindingKind.Forgotten, oldest.FoundOffset, $"too many holes: the one of {oldest.Range.First}…{oldest.Range.Last} is left out");
        }

        _holes.Add(hole);
    }

    /// <summary>The hole in which a trade begins or ends.</summary>
    private IdHole? Find(IdRange ids)
    {
        // Newest first: late trades are mostly of the newest hole. Ids rise within a series, so that one look is logarithmic.
        int low = 0, high = _holes.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var range = _holes[middle].Range;
            if (ids.Last < range.First)
            {
                high = middle - 1;
            }
            else if (ids.First > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                return _holes[middle];
            }
        }

        return null;
    }

    private static string Name(TradeSource source) => source == TradeSource.Live ? "live" : "replayed";
}
