
namespace Pipeline.Core.Market;

/// <summary>A hole that is being filled, or may be once more, as the candles see it. Times are microseconds since the Unix epoch, UTC.</summary>
public sealed record CandleGapState
{
    public long FromId { get; init; }

    public long ToId { get; init; }

    /// <summary>Event time of the last trade before it.</summary>
    public long FoundFrom { get; init; }

    /// <summary>Nothing is missing before this time.</summary>
    public long From { get; init; }

    /// <summary>Nothing is missing behind this time; the maximum while no trade behind it came.</summary>
    public long To { get; init; }

    /// <summary>Lowest id that is missing.</summary>
    public long NextId { get; init; }

    public bool HasSkipped { get; init; }

    public Number? PriceBefore { get; init; }

    /// <summary>By <see cref="CandleInterval.Index"/>: the first window that repair has not gone beyond.</summary>
    public IReadOnlyList<long> Next { get; init; } = [];

    /// <summary>Until when it is remembered as one in which the venue had nothing, by the market clock; 0 while it is being filled.</summary>
    public long SilentUntil { get; init; }

    /// <summary>The venue had nothing there once, and is asked again.</summary>
    public bool IsReopened { get; init; }

    /// <summary>By <see cref="CandleInterval.Index"/>: from where empty windows were carried before the hole was known.</summary>
    public IReadOnlyList<long> CarriedFrom { get; init; } = [];

    /// <summary>By <see cref="CandleInterval.Index"/>: up to where they were.</summary>
    public IReadOnlyList<long> CarriedUntil { get; init; } = [];

    /// <summary>By <see cref="CandleInterval.Index"/>: close of the last window that repair has gone beyond.</summary>
    public IReadOnlyList<Number?> Close { get; init; } = [];
}
