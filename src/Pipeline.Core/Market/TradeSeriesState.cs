using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Market;

/// <summary>How far an instrument's trades have come.</summary>
public sealed record TradeSeriesState
{
    /// <summary>Highest id that went on; -1 before the first, and where ids say nothing of order.</summary>
    public long Frontier { get; init; } = -1;

    /// <summary>Event time of that trade, microseconds.</summary>
    public long FrontierTime { get; init; }

    /// <summary>How often the venue has begun to count anew.</summary>
    public long Series { get; init; }

    /// <summary>Holes whose end was not written, oldest first.</summary>
    public IReadOnlyList<Gap> OpenGaps { get; init; } = [];

    /// <summary>Holes in which the venue had nothing and that may be opened again, oldest first.</summary>
    public IReadOnlyList<Gap> SilentHoles { get; init; } = [];

    /// <summary>Holes in a row in which the venue had nothing; many of them say that its ids are not contiguous.</summary>
    public int SilentGaps { get; init; }

    /// <summary>Its ids were found not to be contiguous: copies are told apart by them and nothing else.</summary>
    public bool IsDemoted { get; init; }

    /// <summary>The newest ids, where they tell copies apart and nothing else; else empty.</summary>
    public IReadOnlyList<long> RecentIds { get; init; } = [];
}
