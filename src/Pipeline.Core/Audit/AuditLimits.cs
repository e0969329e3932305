using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>How long the audit waits and how much it remembers.</summary>
public sealed record AuditLimits
{
    /// <summary>
    /// How long a difference may last before it is told: candles are closed up to 10 s late and revised when trades are repaired, and venues
    /// correct themselves. Default 30 s.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Candles remembered of an instrument and interval; the oldest give way. Default 120: two hours of minutes.</summary>
    public int MostCandles { get; init; } = 120;

    /// <summary>Holes remembered of an instrument; the oldest give way. Default 256.</summary>
    public int MostGaps { get; init; } = 256;

    /// <summary>Intervals that are compared; null = all.</summary>
    public IReadOnlyList<CandleInterval>? Intervals { get; init; }
}
