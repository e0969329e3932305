
namespace Pipeline.Core.Market;

/// <summary>How far the candles of one interval have come. Times are microseconds since the Unix epoch, UTC.</summary>
public sealed record CandleIntervalState
{
    public required CandleInterval Interval { get; init; }

    /// <summary>The interval whose closed windows it is rolled up from; null where it takes trades.</summary>
    public CandleInterval? Finer { get; init; }

    /// <summary>Windows that begin here or before were not seen from their start.</summary>
    public long SeenFrom { get; init; } = long.MaxValue;

    /// <summary>End of the newest window that was closed or left out.</summary>
    public long ClosedUntil { get; init; } = long.MinValue;

    /// <summary>Windows from here to <see cref="ClosedUntil"/> were empty and carried.</summary>
    public long CarriedFrom { get; init; } = long.MinValue;

    /// <summary>End of the newest window that is held no more.</summary>
    public long EvictedUntil { get; init; } = long.MinValue;

    /// <summary>Empty windows that were still to be written, up to <see cref="CarryEnd"/>.</summary>
    public long CarryNext { get; init; }

    public long CarryEnd { get; init; }

    public Number CarryPrice { get; init; }

    /// <summary>End of the newest candle of the venue that was written for the time before the series; the minimum before the first.</summary>
    public long SeededUntil { get; init; } = long.MinValue;
}
