using System.Diagnostics.CodeAnalysis;
using Pipeline.Core.Market;
using Pipeline.Gateway.Instruments;

namespace Pipeline.Gateway.Candles;

/// <summary>What a client means by a symbol. For any thread.</summary>
/// <param name="defaultVenue">Where a name without venue is looked for first; null = it must be found at one venue alone.</param>
internal sealed class CandleSymbols(IInstrumentFinder instruments, string? defaultVenue)
{
    /// <summary>The venue of mint addresses.</summary>
    public const string MintVenue = "solana";

    /// <summary>Venue and id of the instrument; false with the reason when the name does not tell.</summary>
    public bool TryResolve(string symbol, out (string Venue, string Id) instrument, [NotNullWhen(false)] out KlineError? error)
    {
        instrument = default;
        error = null;
        if (!InstrumentNames.IsName(symbol))
        {
            error = KlineError.Symbol;
            return false;
        }

        var found = Find(symbol);
        if (found.Count == 1)
        {
            instrument = (found[0].Info.Venue, found[0].Info.Id);
            return true;
        }

        // A token may be waited for before its first trade made it known.
        var mint = symbol.StartsWith(MintVenue + ":", StringComparison.Ordinal) ? symbol[(MintVenue.Length + 1)..] : symbol;
        if (found.Count == 0 && InstrumentNames.IsMint(mint))
        {
            instrument = (MintVenue, mint);
            return true;
        }

        error = found.Count == 0 ? KlineError.Symbol : KlineError.AmbiguousSymbol;
        return false;
    }

    private IReadOnlyList<InstrumentRecord> Find(string symbol)
    {
        if (instruments.Get(symbol) is { } exact)
        {
            return [exact];
        }

        var preferred = defaultVenue is null ? [] : instruments.Find(symbol, defaultVenue);
        return preferred.Count > 0 ? preferred : instruments.Find(symbol);
    }
}
