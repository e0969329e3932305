using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Ids that the trades of an instrument left out when they went on.</summary>
/// <param name="foundOffset">Offset of the first later trade.</param>
/// <param name="fromTime">Event time of the trade before, microseconds.</param>
/// <param name="toTime">Event time of the first later trade.</param>
internal sealed class IdHole(IdRange range, long foundOffset, long fromTime, long toTime)
{
    public IdRange Range { get; } = range;

    public long FoundOffset { get; } = foundOffset;

    public long FromTime { get; } = fromTime;

    public long ToTime { get; } = toTime;

    public List<IdRange> Missing { get; private set; } = [range];

    /// <summary>Greatest id that came in later; -1 = none yet.</summary>
    public long LastFilled { get; private set; } = -1;

    public long FirstFillOffset { get; private set; } = -1;

    public long LastFillOffset { get; private set; } = -1;

    /// <summary>Records were deleted there before they were read: what is missing may have been written.</summary>
    public bool IsUnread { get; set; }

    /// <summary>The ledger has explained it, or should have.</summary>
    public bool IsJudged { get; set; }

    /// <summary>What is missing stays so.</summary>
    public bool IsLost { get; set; }

    /// <summary>What was found of the order of its trades was told: a hole that is judged again does not tell it again.</summary>
    public bool IsOrderTold { get; set; }

    /// <summary>Ids counted as given up when it was judged last.</summary>
    public long Abandoned { get; set; }

    /// <summary>Ids counted as unknown to the venue when it was judged last.</summary>
    public long Silent { get; set; }

    public void Fill(IdRange ids, long offset)
    {
        Missing = IdRanges.Subtract(Missing, [ids]);
        LastFilled = Math.Max(LastFilled, ids.Last);
        FirstFillOffset = FirstFillOffset < 0 ? offset : FirstFillOffset;
        LastFillOffset = offset;
    }
}
