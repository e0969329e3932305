using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>A hole that is being filled, as the candles see it: the time in which trades are missing, which shrinks as repair goes on.</summary>
internal sealed class OpenGap
{
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

    /// <summary>Close before the hole.</summary>
    public Number? PriceBefore { get; set; }

    /// <summary>Per interval, by <see cref="CandleInterval.Index"/>: the first window that repair has not gone beyond.</summary>
    public long[] Next { get; } = new long[Intervals];

    /// <summary>Per interval: up to where empty windows were carried when nobody knew of the hole.</summary>
    public long[] CarriedUntil { get; } = new long[Intervals];

    /// <summary>Per interval: close of the last window that repair has gone beyond.</summary>
    public Number?[] Close { get; } = new Number?[Intervals];

    public bool HoldsId(long id) => id >= FromId && id <= ToId;

    public bool Touches(long openTime, long closeTime) => closeTime > From && openTime <= To;
}
