
namespace Pipeline.Core.Market;

/// <summary>All candles of one instrument as they stand. Times are microseconds since the Unix epoch, UTC.</summary>
public sealed record CandleSeriesState
{
    /// <summary>The first trade was seen: what begins from now on is seen from its start.</summary>
    public bool HasStarted { get; init; }

    /// <summary>It is made of prices.</summary>
    public bool IsPriced { get; init; }

    /// <summary>Price of the newest trade by id; null before the first.</summary>
    public Number? LastClose { get; init; }

    /// <summary>Newest id, -1 before the first.</summary>
    public long LastId { get; init; } = -1;

    /// <summary>Greatest event time.</summary>
    public long LastTime { get; init; } = long.MinValue;

    /// <summary>Windows that end here or before are closed.</summary>
    public long ClosedTime { get; init; } = long.MinValue;

    /// <summary>Something up to this time is lost for good.</summary>
    public long LostUntil { get; init; } = long.MinValue;

    /// <summary>Highest id of the newest hole that was filled; the minimum before the first.</summary>
    public long MendedTo { get; init; } = long.MinValue;

    /// <summary>Up to here the windows from a minute up are the venue's sum; the minimum when they are not.</summary>
    public long CompletedUntil { get; init; } = long.MinValue;

    /// <summary>The beginning that is still to be completed; null when nothing is.</summary>
    public CandleStartState? Start { get; init; }

    /// <summary>How far each interval has come, shortest first; those that work for longer ones alone among them.</summary>
    public IReadOnlyList<CandleIntervalState> Intervals { get; init; } = [];

    /// <summary>
    /// Windows that are open, and closed ones that may still change; by interval, shortest first, then by time.
    /// </summary>
    public IReadOnlyList<CandleWindowState> Windows { get; init; } = [];

    /// <summary>Holes that are being filled, and those in which the venue had nothing lately, each in the order in which they came.</summary>
    public IReadOnlyList<CandleGapState> Gaps { get; init; } = [];
}
