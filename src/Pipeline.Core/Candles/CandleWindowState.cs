using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>One window of a <see cref="CandleSeriesState"/>, with the exact sums of what was folded into it.</summary>
public sealed record CandleWindowState
{
    public required CandleInterval Interval { get; init; }

    public required long OpenTime { get; init; }

    /// <summary>False while nothing was folded in: the prices and sums say nothing then.</summary>
    public bool HasAny { get; init; }

    public Number Open { get; init; }

    public Number High { get; init; }

    public Number Low { get; init; }

    public Number Close { get; init; }

    public WideNumber Volume { get; init; }

    /// <summary>Sum of price × quantity, not yet multiplied by the contract size.</summary>
    public WideNumber QuoteVolume { get; init; }

    public WideNumber TakerBuyVolume { get; init; }

    public long Trades { get; init; }

    public long FirstId { get; init; } = -1;

    public long LastId { get; init; } = -1;

    /// <summary>A total no longer fits and is wrong.</summary>
    public bool Overflowed { get; init; }

    /// <summary>The window has ended; what still comes of it makes a revision, or its final record if that is still to be written.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Its final record was handed to the sink.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Number of the newest revision; 0 = none.</summary>
    public int Revision { get; init; }

    /// <summary>Start was seen and no hole is known to touch it that will not be filled.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Records written for it so far.</summary>
    public int Updates { get; init; }

    public CandleSource Source { get; init; }
}
