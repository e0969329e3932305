using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>Whether and how our candles are compared with the venues' own while they are made.</summary>
public sealed record AuditOptions
{
    /// <summary>
    /// Compare: with the venue's stream of candles where the topology takes it, else with what its REST interface says. Default no.
    /// </summary>
    public bool Enabled { get; init; }

    /// <summary>Candles asked for by REST, of one minute or more. Default 1m.</summary>
    public CandleInterval Interval { get; init; } = CandleInterval.Parse("1m");

    /// <summary>Part of the candles that are asked for by REST, above 0 and up to 1: all. Default 0.1.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Time from the end of a candle until it is asked for. Default 10 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a difference may last before it is told. Default 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
