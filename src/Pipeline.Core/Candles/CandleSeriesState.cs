using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>All candles of one instrument as they stand.</summary>
public sealed record CandleSeriesState
{
    /// <summary>The first trade was seen: what begins from now on is seen from its start.</summary>
    public bool HasStarted { get; init; }

    /// <summary>Price of the newest trade by id; null before the first.</summary>
    public Number? LastClose { get; init; }

    /// <summary>
    /// Windows that are open, and closed ones that may still change; by interval, shortest first, then by time.
    /// </summary>
    public IReadOnlyList<CandleWindowState> Windows { get; init; } = [];
}
