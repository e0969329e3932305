using Pipeline.Core.Feeds;
using Pipeline.Core.Topology;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Binance.Rest;
using Pipeline.Venues.Bybit;
using Pipeline.Venues.Okx;
using Pipeline.Venues.Solana;

namespace Pipeline.Host.Venues;

/// <summary>The venues this program can talk to.</summary>
internal static class KnownVenues
{
    // One line per venue: its adapter and, where it has one, (http, endpoint, time, metrics) => its HTTP interface.
    private static readonly IReadOnlyList<VenueParts> Parts =
    [
        new(new BinanceSpotAdapter(), (http, endpoint, time, metrics) => new BinanceSpotRest(http, endpoint, time, metrics)),
        new(new BinanceFuturesAdapter(), (http, endpoint, time, metrics) => new BinanceFuturesRest(http, endpoint, time, metrics)),
        new(new OkxAdapter(), (http, endpoint, time, metrics) => new OkxRest(http, endpoint, time, metrics)),
        new(new BybitAdapter(), (http, endpoint, time, metrics) => new BybitRest(http, endpoint, time, metrics)),
        new(new SolanaAdapter()),
    ];

    /// <summary>As the topology reader must know them.</summary>
    public static readonly IReadOnlyList<KnownVenue> All = [.. Parts.Select(Describe)];

    /// <exception cref="ArgumentException">There is no such venue; the topology reader lets none through.</exception>
    public static VenueParts Of(string venue) =>
        Parts.FirstOrDefault(parts => parts.Adapter.Venue == venue) ?? throw new ArgumentException($"There is no venue {venue}.", nameof(venue));

    /// <exception cref="ArgumentException">There is no such venue; the topology reader lets none through.</exception>
    public static IVenueAdapter Adapter(string venue) => Of(venue).Adapter;

    /// <summary>A venue as the topology reader must know it.</summary>
    internal static KnownVenue Describe(VenueParts parts) => new(parts.Adapter.Venue)
    {
        Limits = parts.Adapter.Limits,
        Channels = parts.Adapter.Channels,
        HasRest = parts.Rest is not null,
        TradeSources = parts.Adapter.TradeSources,
        CandleIntervals = parts.Adapter.CandleIntervals,
        SymbolOf = parts.Adapter.SymbolOf,
    };
}
