using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Tailing;

/// <summary>
/// Picks records by the instrument in their key; without names all pass. A name may leave the venue out, is compared without regard to
/// case and separators, and may be spelt as the venue, ccxt or TradingView do: <c>BTC-USDT</c>, <c>btcusdt</c>, <c>binance:BTC-USDT</c>,
/// <c>BTC/USDT:USDT</c>, <c>BTC-USDT-SWAP</c>, <c>BINANCE:BTCUSDT.P</c>. It stands for every instrument that is called so.
/// </summary>
internal sealed class InstrumentFilter(IEnumerable<string> names)
{
    // As many instruments as a topic may have; beyond it spellings are worked out anew.
    private const int MostRemembered = 10_000;

    private readonly List<string> _written =
        [.. names.SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private readonly Dictionary<string, bool> _passes = new(StringComparer.Ordinal);

    public bool Passes(string? key)
    {
        if (_written.Count == 0)
        {
            return true;
        }

        // Keys are venue:instrument; those of candles go on with :interval:openTime.
        var parts = key?.Split(':', 3) ?? [];
        if (parts.Length < 2)
        {
            return false;
        }

        var instrument = $"{parts[0]}:{parts[1]}";
        if (!_passes.TryGetValue(instrument, out var passes))
        {
            passes = SpellingsOf(parts[0], parts[1]).Any(spelling => _written.Exists(name => Plain(name) == spelling));
            if (_passes.Count < MostRemembered)
            {
                _passes.Add(instrument, passes);
            }
        }

        return passes;
    }

    /// <summary>Names that match none of these keys.</summary>
    public IEnumerable<string> Unknown(IReadOnlyCollection<string> keys) =>
        _written.Where(name => !keys.Any(new InstrumentFilter([name]).Passes));

    private static IEnumerable<string> SpellingsOf(string venue, string id)
    {
        List<string> spellings = [id, $"{venue}:{id}"];
        if (InstrumentNames.TrySplit(id, out var parts))
        {
            var symbol = KnownVenues.All.FirstOrDefault(known => known.Name == venue)?.SymbolOf?.Invoke(id) ?? id;
            spellings.AddRange(InstrumentNames.AliasesOf(new InstrumentInfo(
                venue, id, symbol, parts.Kind, parts.Base, parts.Quote, null, null, null, InstrumentStatus.Trading)));
        }

        return spellings.Select(Plain).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Mint addresses tell small letters from capitals, but no two of them differ in that alone.</summary>
    private static string Plain(string name) => string.Concat(name.Where(c => c is not ('-' or '/' or '_'))).ToUpperInvariant();
}
