using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>The venues this program can talk to, as the topology reader must know them.</summary>
internal static class KnownVenues
{
    public static readonly IReadOnlyList<KnownVenue> All = [MakeBinance()];

    private static KnownVenue MakeBinance() => new("binance")
    {
        TradeSources = ["aggTrade", "trade"],
        CandleIntervals = [.. "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w".Split(' ').Select(CandleInterval.Parse)],
        SymbolOf = id => id.EndsWith("-PERP", StringComparison.Ordinal) ? null : id.Replace("-", "", StringComparison.Ordinal),
    };
}
