using Pipeline.Core.Market;

namespace Pipeline.Gateway.Instruments;

/// <summary>
/// Finds out which instruments a client means. Done on the client's own thread: a long list of names must not hold up the hub. For any thread.
/// </summary>
internal static class SymbolResolver
{
    /// <summary>The venue of mint addresses.</summary>
    public const string MintVenue = "solana";

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

    /// <summary>For those who name one instrument and no exchange beside it. A mint address need not be known yet.</summary>
    /// <param name="defaultVenue">Where a name without venue is looked for first; null = it must be found at one venue alone.</param>
    public static OneInstrument FindOne(IInstrumentFinder finder, string? defaultVenue, string symbol)
    {
        if (!InstrumentNames.IsName(symbol))
        {
            return new OneInstrument("", "", SymbolFault.Unknown);
        }

        if (finder.Get(symbol) is { } exact)
        {
            return Of(exact);
        }

        var found = defaultVenue is null ? [] : finder.Find(symbol, defaultVenue);
        found = found.Count > 0 ? found : finder.Find(symbol);
        if (found.Count > 0)
        {
            return found.Count == 1 ? Of(found[0]) : new OneInstrument("", "", SymbolFault.Ambiguous);
        }

        // A token may be waited for before its first trade made it known.
        var mint = symbol.StartsWith(MintVenue + ":", StringComparison.Ordinal) ? symbol[(MintVenue.Length + 1)..] : symbol;
        return InstrumentNames.IsMint(mint) ? new OneInstrument(MintVenue, mint) : new OneInstrument("", "", SymbolFault.Unknown);

        static OneInstrument Of(InstrumentRecord record) => new(record.Info.Venue, record.Info.Id);
    }

    /// <summary>
    /// Whether a name is spelt in one case throughout, but for a venue before it: of these there are a few for each instrument, of others
    /// thousands.
    /// </summary>
    public static bool IsPlain(string symbol)
    {
        var colon = symbol.IndexOf(':', StringComparison.Ordinal);
        var name = symbol.AsSpan(colon + 1);
        return IsOneCase(symbol.AsSpan(0, Math.Max(colon, 0))) && (IsOneCase(name) || InstrumentNames.IsMint(name.ToString()));
    }

    private static bool IsOneCase(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('a', 'z') || !text.ContainsAnyInRange('A', 'Z');

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
