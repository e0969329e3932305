using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>One window of an instrument: what both sides say of it, what they said first, and what was found.</summary>
internal sealed class AuditedCandle(long openTime)
{
    public const long Never = long.MaxValue;

    public long OpenTime { get; } = openTime;

    /// <summary>Ours, of the highest revision; null = none yet.</summary>
    public Candle? Ours { get; private set; }

    /// <summary>Ours as it was first seen.</summary>
    public Candle? OursFirst { get; private set; }

    public Candle? Venue { get; private set; }

    /// <summary>The venue's as it was first seen.</summary>
    public Candle? VenueFirst { get; private set; }

    /// <summary>When it is looked at again, by the market clock; <see cref="Never"/> when only something new brings that about.</summary>
    public long Deadline { get; set; } = Never;

    /// <summary>Both sides were compared and the result counts.</summary>
    public bool IsChecked { get; set; }

    /// <summary>What was told last; null = nothing.</summary>
    public AuditFinding? Told { get; set; }

    /// <summary>What the venue counts and we lack was asked for.</summary>
    public bool HasAsked { get; set; }

    /// <summary>Forgotten: a deadline that is still queued means nothing.</summary>
    public bool IsGone { get; set; }

    /// <summary>False when it says nothing new.</summary>
    public bool TakeOurs(in Candle candle)
    {
        if (Ours is { } known && candle.Revision <= known.Revision)
        {
            // Read again after a restart of the reader, or written again after one of the writer.
            return false;
        }

        Ours = candle;
        OursFirst ??= candle;
        return true;
    }

    /// <summary>False when it says nothing new.</summary>
    public bool TakeVenue(in Candle candle, bool hasIds)
    {
        if (Venue is { } known && !AuditFields.AnyDiffers(candle, known, hasIds))
        {
            return false;
        }

        Venue = candle;
        VenueFirst ??= candle;
        return true;
    }
}
