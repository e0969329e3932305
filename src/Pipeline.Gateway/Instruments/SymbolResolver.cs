using Pipeline.Core.Market;

namespace Pipeline.Gateway.Instruments;

/// <summary>
/// Finds out which instruments a client means. Done on the client's own thread: a long list of names must not hold up the hub. For any thread.
/// </summary>
internal static class SymbolResolver
{
    /// <param name="exchanges">Venues as the client calls them; empty = all.</param>
    /// <param name="symbols">Names, or patterns with <c>*</c> over our ids; empty = all.</param>
    public static SymbolResolution Resolve(IInstrumentFinder finder, IReadOnlyList<string> exchanges, IReadOnlyList<string> symbols)
    {
        var version = finder.Version;
        if (symbols.Count == 0)
        {
            return new SymbolResolution(null, [], [], version);
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        List<int> unknown = [];
        List<int> ambiguous = [];
        for (var i = 0; i < symbols.Count; i++)
        {
            var found = Find(finder, exchanges, symbols[i]);
            if (found.Count == 0)
            {
                unknown.Add(i);
            }
            else if (IsPattern(symbols[i]) || found.GroupBy(static one => one.Info.Venue).All(static venue => venue.Count() == 1))
            {
                keys.UnionWith(found.Select(static one => $"{one.Info.Venue}:{one.Info.Id}"));
            }
            else
            {
                ambiguous.Add(i);
            }
        }

        return new SymbolResolution(keys, unknown, ambiguous, version);
    }

    public static bool IsPattern(string symbol) => symbol.Contains('*', StringComparison.Ordinal);

    /// <summary>Venues that an exchange's name stands for, among those there are; the name itself when there is none yet.</summary>
    public static IEnumerable<string> VenuesOf(IInstrumentFinder finder, string exchange)
    {
        var venues = finder.Venues.Where(venue => InstrumentBook.IsVenue(venue, exchange)).ToList();
        return venues.Count > 0 ? venues : [exchange.ToLowerInvariant()];
    }

    public static IReadOnlyList<InstrumentRecord> Find(IInstrumentFinder finder, IReadOnlyList<string> exchanges, string symbol)
    {
        if (IsPattern(symbol))
        {
            return Match(finder, exchanges, symbol);
        }

        return exchanges.Count == 0
            ? finder.Find(symbol)
            : [.. exchanges.SelectMany(exchange => finder.Find(symbol, exchange)).Distinct()];
    }

    private static List<InstrumentRecord> Match(IInstrumentFinder finder, IReadOnlyList<string> exchanges, string pattern)
    {
        var parts = InstrumentNames.Fold(pattern).Split('*');
        return
        [
            .. finder.All.Where(one =>
                (exchanges.Count == 0 || exchanges.Any(exchange => InstrumentBook.IsVenue(one.Info.Venue, exchange)))
                && (Fits(one.Info.Id, parts) || Fits($"{one.Info.Venue}:{one.Info.Id}", parts))),
        ];
    }

    private static bool Fits(string name, string[] parts)
    {
        var rest = InstrumentNames.Fold(name).AsSpan();
        if (!rest.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest[parts[0].Length..];
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var at = rest.IndexOf(parts[i], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + parts[i].Length)..];
        }

        return rest.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
