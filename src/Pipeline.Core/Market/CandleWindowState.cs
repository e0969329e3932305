
namespace Pipeline.Core.Market;

/// <summary>One window of a <see cref="CandleSeriesState"/>, with the exact sums of what was folded into it.</summary>
public sealed record CandleWindowState
{
    public required CandleInterval Interval { get; init; }

    public required long OpenTime { get; init; }

    /// <summary>False while nothing was folded in: the prices are those carried over, or say nothing.</summary>
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

    /// <summary>Of a part of it the venue does not say how many trades it counts.</summary>
    public bool IsCountUnknown { get; init; }

    /// <summary>Where ids say nothing of order this and <see cref="LastId"/> are event times.</summary>
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

    /// <summary>Closed by the clock while nobody could say that nothing was missed.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>What its newest record said of completeness.</summary>
    public bool WasComplete { get; init; }

    /// <summary>Changed since its newest record: a revision is due once no hole touches it.</summary>
    public bool IsDirty { get; init; }

    /// <summary>It lies in a hole and is made by repair alone.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Of a part of the volume it is not known who took liquidity.</summary>
    public bool IsSideUnknown { get; init; }

    /// <summary>Records written for it so far.</summary>
    public int Updates { get; init; }

    public CandleSource Source { get; init; }
}
