using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>
/// What a topology may say about one venue. The composition root makes these from its adapters: Core knows no venue by name.
/// </summary>
/// <param name="Name">Venue name, such as <c>binance</c>.</param>
public sealed record KnownVenue(string Name)
{
    /// <summary>The venue's documented limits, which a pool may not exceed; null = not checked.</summary>
    public VenueLimits? Limits { get; init; }

    /// <summary>Words its trade source may be; empty = any.</summary>
    public IReadOnlyList<string> TradeSources { get; init; } = [];

    /// <summary>Intervals it makes candles of; empty = any.</summary>
    public IReadOnlyList<CandleInterval> CandleIntervals { get; init; } = [];

    /// <summary>
    /// An instrument id in the venue's spelling, null when the venue cannot have it; no function = instruments are not checked.
    /// </summary>
    public Func<string, string?>? SymbolOf { get; init; }
}
