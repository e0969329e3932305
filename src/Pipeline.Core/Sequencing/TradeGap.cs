using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// A hole in the ids of one instrument. At first later trades may wait behind it; when that took too long it is announced, they go on,
/// and what is missing follows. Plain and synchronous; times in microseconds.
/// </summary>
internal sealed class TradeGap
{
    /// <summary>Most pieces that a hole may fall into; what would make more is left to repair, which goes forward.</summary>
    public const int MaxRanges = 256;

    private readonly List<IdRange> _missing;
    private int _toldRanges;
    private long _toldFirst;

    public TradeGap(long from, long to, long series)
        : this(from, to, series, [new IdRange(from, to)])
    {
    }

    public TradeGap(long from, long to, long series, IEnumerable<IdRange> missing)
    {
        (FromId, ToId, Series) = (from, to, series);
        _missing = [.. missing];
    }

    /// <summary>Names it: the first id that was missing when it was asked for.</summary>
    public long FromId { get; private set; }

    public long ToId { get; }

    public long Series { get; }

    public required string Reason { get; init; }

    public long FromTime { get; init; }

    public long ToTime { get; init; }

    public long OpenedTime { get; init; }

    /// <summary>When it is to be asked for: another leg may bring it before.</summary>
    public long AskAt { get; init; }

    /// <summary>Until when later trades wait behind it.</summary>
    public long HoldUntil { get; init; }

    public bool IsAsked { get; private set; }

    public bool IsAnnounced { get; set; }

    /// <summary>The frontier has not come to its end yet: trades wait behind it.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Its end was told.</summary>
    public bool IsOver { get; set; }

    /// <summary>When its last record was made.</summary>
    public long UpdatedTime { get; private set; }

    /// <summary>The venue answered for all ids up to this one; -1 = for none.</summary>
    public long ProvedTo { get; private set; } = -1;

    /// <summary>Everything came.</summary>
    public bool IsFilled => _missing.Count == 0;

    /// <summary>What did not come does not exist.</summary>
    public bool IsSettled => _missing.Count == 0 || _missing[^1].Last <= ProvedTo;

    public bool HasProgressed => _missing.Count != _toldRanges || (_missing.Count > 0 && _missing[0].First != _toldFirst);

    /// <summary>Lowest id that may still come; the maximum when none may.</summary>
    public long FirstOpen
    {
        get
        {
            foreach (var range in _missing)
            {
                if (range.Last > ProvedTo)
                {
                    return Math.Max(range.First, ProvedTo + 1);
                }
            }

            return long.MaxValue;
        }
    }

    public long MissingCount
    {
        get
        {
            var count = 0L;
            foreach (var range in _missing)
            {
                count += range.Count;
            }

            return count;
        }
    }

    public void Prove(long coveredTo) => ProvedTo = Math.Max(ProvedTo, coveredTo);

    /// <summary>All of the row is missing here.</summary>
    public bool Holds(long first, long last)
    {
        if (first > ToId || last < FromId)
        {
            return false;
        }

        foreach (var range in _missing)
        {
            if (last <= range.Last)
            {
                // In the middle of a piece it makes one more.
                return first >= range.First && (_missing.Count < MaxRanges || first == range.First || last == range.Last);
            }
        }

        return false;
    }

    /// <summary>Some of the row is missing here.</summary>
    public bool Touches(long first, long last)
    {
        foreach (var range in _missing)
        {
            if (first <= range.Last && last >= range.First)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The row came; to be called when the hole <see cref="Holds"/> it.</summary>
    public void Take(long first, long last)
    {
        for (var i = 0; i < _missing.Count; i++)
        {
            var range = _missing[i];
            if (last > range.Last)
            {
                continue;
            }

            if (first == range.First && last == range.Last)
            {
                _missing.RemoveAt(i);
            }
            else if (first == range.First)
            {
                _missing[i] = range with { First = last + 1 };
            }
            else
            {
                _missing[i] = range with { Last = first - 1 };
                if (last < range.Last)
                {
                    _missing.Insert(i + 1, range with { First = last + 1 });
                }
            }

            return;
        }
    }

    /// <summary>From now on it has its name. Another leg may have brought the beginning of it while it was waited for.</summary>
    public RepairRequest Ask(Instrument instrument)
    {
        if (!IsAsked && _missing.Count > 0 && !IsAnnounced)
        {
            FromId = _missing[0].First;
        }

        IsAsked = true;
        return new RepairRequest(instrument, FromId, [.. _missing], FromTime, ToTime, OpenedTime);
    }

    public Gap ToRecord(Instrument instrument, GapState state, string reason, long now)
    {
        UpdatedTime = now;
        _toldRanges = _missing.Count;
        _toldFirst = _missing.Count > 0 ? _missing[0].First : 0;
        return new Gap(instrument, FromId, ToId, state, reason, [.. _missing], Series, FromTime, ToTime, OpenedTime, now, IsAnnounced);
    }

    /// <summary>As it stands, for a restarted process.</summary>
    public Gap AsRecord(Instrument instrument) => new(
        instrument, FromId, ToId, GapState.Open, Reason, [.. _missing], Series, FromTime, ToTime, OpenedTime, UpdatedTime, IsAnnounced);
}
