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

    /// <summary>Kinds of data it has; empty = all.</summary>
    public IReadOnlyList<StreamChannel> Channels { get; init; } = [];

    /// <summary>Whether its lists of instruments, books and past trades can be asked for by HTTP.</summary>
    public bool HasRest { get; init; }

    /// <summary>True where instruments are tokens that on-chain events tell of: they have a mint address, and no list exists.</summary>
    public bool IsOfTokens => Channels.Contains(StreamChannel.Price);

    /// <summary>Words its trade source may be; empty = any.</summary>
    public IReadOnlyList<string> TradeSources { get; init; } = [];

    /// <summary>Intervals it makes candles of; empty = any.</summary>
    public IReadOnlyList<CandleInterval> CandleIntervals { get; init; } = [];

    /// <summary>
    /// An instrument id in the venue's spelling, null when the venue cannot have it; no function = instruments are not checked.
    /// </summary>
    public Func<string, string?>? SymbolOf { get; init; }
}
