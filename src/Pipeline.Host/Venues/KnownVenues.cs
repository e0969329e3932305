using Pipeline.Core.Feeds;
using Pipeline.Core.Topology;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Okx;

namespace Pipeline.Host.Venues;

/// <summary>The venues this program can talk to.</summary>
internal static class KnownVenues
{
    private static readonly IReadOnlyList<IVenueAdapter> Adapters = [new BinanceSpotAdapter(), new OkxAdapter()];

    /// <summary>As the topology reader must know them.</summary>
    public static readonly IReadOnlyList<KnownVenue> All = [.. Adapters.Select(Describe)];

    /// <exception cref="ArgumentException">There is no such venue; the topology reader lets none through.</exception>
    public static IVenueAdapter Adapter(string venue) =>
        Adapters.FirstOrDefault(adapter => adapter.Venue == venue) ?? throw new ArgumentException($"There is no venue {venue}.", nameof(venue));

    private static KnownVenue Describe(IVenueAdapter adapter) => new(adapter.Venue)
    {
        Limits = adapter.Limits,
        TradeSources = adapter.TradeSources,
        CandleIntervals = adapter.CandleIntervals,
        SymbolOf = adapter.SymbolOf,
    };
}
