using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>A hole that is being filled, or may be once more, as the candles see it: the time in which trades are missing, which shrinks as repair goes on.</summary>
internal sealed class OpenGap
{
    /// <summary>In place of a window in <see cref="Next"/>: what was told of the time of the hole is not known any more.</summary>
    public const long Unknown = long.MaxValue / 2;

    private static readonly int Intervals = CandleInterval.All.Count;

    public required long FromId { get; init; }

    public required long ToId { get; init; }

    /// <summary>Event time of the last trade before the hole, when it was found.</summary>
    public required long FoundFrom { get; init; }

    /// <summary>Nothing is missing before this time.</summary>
    public required long From { get; set; }

    /// <summary>Nothing is missing behind this time; the maximum while no trade behind it came.</summary>
    public required long To { get; set; }

    /// <summary>Lowest id that is missing; repair that leaves one out proves nothing about what it leaves out.</summary>
    public long NextId { get; set; }

    public bool HasSkipped { get; set; }

    /// <summary>Close before the hole; null when empty windows in it may bear others.</summary>
    public Number? PriceBefore { get; set; }

    /// <summary>Per interval, by <see cref="CandleInterval.Index"/>: the first window that repair has not gone beyond.</summary>
    public long[] Next { get; } = new long[Intervals];

    /// <summary>Per interval: from where empty windows in it were carried, and written, when nobody knew that something is missing.</summary>
    public long[] CarriedFrom { get; } = new long[Intervals];

    /// <summary>Per interval: up to where they were. They bear <see cref="PriceBefore"/>, and are not held.</summary>
    public long[] CarriedUntil { get; } = new long[Intervals];

    /// <summary>Per interval: close of the last window that repair has gone beyond.</summary>
    public Number?[] Close { get; } = new Number?[Intervals];

    /// <summary>Until when it is remembered that the venue had nothing there, by the market clock; 0 while it is being filled.</summary>
    public long SilentUntil { get; set; }

    /// <summary>The venue had nothing there once: what became of it then was told.</summary>
    public bool IsReopened { get; set; }

    public bool HoldsId(long id) => id >= FromId && id <= ToId;

    public bool Touches(long openTime, long closeTime) => closeTime > From && openTime <= To;

    /// <summary>
    /// Repair has not come to the window, or has just gone beyond it: ids rise, event times do not quite, and its next trade may lie there.
    /// </summary>
    public bool IsAt(CandleInterval interval, long openTime) => openTime <= To && openTime >= interval.OpenOf(From) - interval.Microseconds;

    public bool HasCarried(CandleInterval interval, long openTime) =>
        openTime >= CarriedFrom[interval.Index] && openTime + interval.Microseconds <= CarriedUntil[interval.Index];

    /// <summary>An empty window of it was carried before anybody knew of the hole.</summary>
    public void AddCarried(CandleInterval interval, long from, long until)
    {
        ref var carriedUntil = ref CarriedUntil[interval.Index];
        if (carriedUntil != from)
        {
            CarriedFrom[interval.Index] = from;
        }

        carriedUntil = until;
    }
}
