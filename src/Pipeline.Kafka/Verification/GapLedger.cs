using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>The gaps of one instrument: proves that their records agree with each other, and tells what explains a hole.</summary>
internal sealed class GapLedger(InstrumentScope scope)
{
    private const int FirstPrune = 256;

    private readonly List<GapEntry> _byId = [];
    private readonly Dictionary<long, GapEntry> _times = [];
    private int _pruneAt = FirstPrune;

    /// <summary>Earlier records may be gone: deleted, or compacted away.</summary>
    public bool IsPartial { get; set; }

    public IEnumerable<GapEntry> All => _byId.Concat(_times.Values);

    /// <summary>Gaps of time, of instruments whose ids say nothing of holes.</summary>
    public IEnumerable<GapEntry> Times => _times.Values;

    public void Add(GapRow row, long offset)
    {
        if (!IsWellFormed(row, offset))
        {
            return;
        }

        var entry = Find(row);
        if (entry is null)
        {
            Begin(row, offset);
        }
        else
        {
            GoOn(entry, row, offset);
        }
    }

    /// <summary>Gaps that hold ids of the range, oldest first.</summary>
    public List<GapEntry> Overlapping(IdRange range)
    {
        var found = new List<GapEntry>();
        for (var i = IndexBehind(range.Last) - 1; i >= 0; i--)
        {
            if (_byId[i].Range.Last >= range.First)
            {
                found.Insert(0, _byId[i]);
            }
            else if (i < IndexBehind(range.First) - 1)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Lets go of gaps that ended below everything that is still open, when there are many.</summary>
    public void Prune(long below, long tradesPosition)
    {
        if (_byId.Count >= _pruneAt)
        {
            _byId.RemoveAll(entry => entry.Row.ToId < below && entry.IsClosed(tradesPosition));
            _pruneAt = Math.Max(FirstPrune, 2 * _byId.Count);
        }
    }

    /// <summary>Nothing more will be read.</summary>
    public void Finish(long tradesPosition)
    {
        foreach (var entry in All.Where(entry => !entry.IsClosed(tradesPosition)))
        {
            var row = entry.Row;
            scope.OfGaps(FindingKind.StillOpen, entry.Offset, row.IsOpen
                ? $"{row} is open, missing {(row.IsTime ? "a time" : IdRanges.Text(row.Missing))} ({row.Reason})"
                : $"{row} ended at trades offset {row.TradesOffset}, which was not read");
        }
    }

    private bool IsWellFormed(GapRow row, long offset)
    {
        var isRange = row.IsTime ? row.ToId < 0 && row.Missing.Count == 0 : row.ToId >= row.FromId;
        var isInside = IdRanges.AreRising(row.Missing)
            && (row.Missing.Count == 0 || (row.Missing[0].First >= row.FromId && row.Missing[^1].Last <= row.ToId));
        var isTold = row.State != GapState.Repaired || row.Missing.Count == 0;
        if (isRange && isInside && isTold)
        {
            return true;
        }

        scope.OfGaps(FindingKind.WrongGap, offset, $"{row} is {row.State} and misses {IdRanges.Text(row.Missing)}");
        return false;
    }

    private void Begin(GapRow row, long offset)
    {
        if (!row.IsOpen && row.IsAnnounced && row.State != GapState.Reset && !IsPartial)
        {
            scope.OfGaps(FindingKind.GapNotOpened, offset, $"{row} is {row.State} and was never open");
        }

        // Filled while later trades were held: the log has no hole there.
        if (row is { State: GapState.Repaired, IsAnnounced: false } && !row.IsTime)
        {
            return;
        }

        var entry = new GapEntry(row, offset);
        if (row.IsTime)
        {
            _times[row.OpenedTime] = entry;
        }
        else
        {
            _byId.Insert(IndexBehind(row.FromId), entry);
        }
    }

    private void GoOn(GapEntry entry, GapRow row, long offset)
    {
        var before = entry.Row;
        if (!before.IsOpen)
        {
            // Where the venue had nothing and its candle counts something, it is asked again.
            var isAskedAgain = before.State == GapState.VenueSilent && row is { IsOpen: true, Reason: GapReason.Audit };
            if (!isAskedAgain && (row.State != before.State || row.UpdatedTime != before.UpdatedTime))
            {
                scope.OfGaps(FindingKind.GapReopened, offset, $"{row} is {row.State} after it was {before.State}");
            }
        }
        else if (row.ToId != before.ToId || IdRanges.Subtract(row.Missing, before.Missing).Count > 0)
        {
            scope.OfGaps(
                FindingKind.WrongGap, offset, $"{row} misses {IdRanges.Text(row.Missing)}, of which {before} did not miss all: {IdRanges.Text(before.Missing)}");
        }

        if (row.IsOpen && entry.OpenTradesOffset < 0)
        {
            entry.OpenTradesOffset = row.TradesOffset;
        }

        entry.Row = row;
        entry.Offset = offset;
    }

    private GapEntry? Find(GapRow row)
    {
        if (row.IsTime)
        {
            return _times.GetValueOrDefault(row.OpenedTime);
        }

        var index = IndexBehind(row.FromId) - 1;
        return index >= 0 && _byId[index].Row.FromId == row.FromId ? _byId[index] : null;
    }

    /// <summary>Index of the first gap that begins above an id.</summary>
    private int IndexBehind(long id)
    {
        int low = 0, high = _byId.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byId[middle].Row.FromId <= id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
