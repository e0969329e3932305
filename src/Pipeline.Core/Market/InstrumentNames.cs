namespace Pipeline.Core.Market;

/// <summary>
/// How instruments are spelt: our ids, and what others call the same thing. Case of the Latin alphabet is forgiven; everything else is
/// compared character by character, as the venues do with symbols such as <c>币安人生USDT</c>.
/// </summary>
public static class InstrumentNames
{
    /// <summary>End of the id of a perpetual.</summary>
    public const string PerpetualSuffix = "-PERP";

    /// <summary>Longest name that is looked at, in characters.</summary>
    public const int MaxLength = 100;

    private const int ShortestMint = 32;
    private const int LongestMint = 44;
    private const string TradingViewPerpetual = ".P";

    // Written without a separator, only knowledge of currencies tells where the quote begins. Longest first: BTCTUSD is BTC in TUSD.
    private static readonly string[] Quotes =
    [
        "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDE", "USD1", "EURI", "USD", "EUR", "GBP", "TRY", "BRL", "JPY", "ARS", "MXN", "IDR",
        "PLN", "ZAR", "UAH", "RON", "CZK", "COP", "AUD", "BTC", "ETH", "BNB", "SOL", "XRP", "TRX", "DAI", "DOGE", "DOT",
    ];

    /// <summary><c>BTC-USDT</c>, <c>BTC-USDT-PERP</c>, or the mint address alone.</summary>
    public static string IdOf(string baseCurrency, string quote, InstrumentKind kind) => kind switch
    {
        InstrumentKind.Perpetual => $"{baseCurrency}-{quote}{PerpetualSuffix}",
        InstrumentKind.Token => baseCurrency,
        _ => $"{baseCurrency}-{quote}",
    };

    /// <summary>Takes an id apart; false when it is none.</summary>
    public static bool TrySplit(string id, out (string Base, string Quote, InstrumentKind Kind) parts)
    {
        ArgumentNullException.ThrowIfNull(id);
        var isPerpetual = id.EndsWith(PerpetualSuffix, StringComparison.Ordinal);
        var pair = (isPerpetual ? id[..^PerpetualSuffix.Length] : id).Split('-');
        var isPair = pair.Length == 2 && pair.All(IsCurrency);
        var kind = isPerpetual ? InstrumentKind.Perpetual : InstrumentKind.Spot;
        var isMint = !isPair && IsMint(id);
        parts = isPair ? (pair[0], pair[1], kind) : isMint ? (id, "", InstrumentKind.Token) : ("", "", default);
        return isPair || isMint;
    }

    /// <summary>Whether the text has the form of a token's mint address: 32 to 44 characters of base58. Case matters in it.</summary>
    public static bool IsMint(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= ShortestMint and <= LongestMint
            && text.All(c => char.IsAsciiLetterOrDigit(c) && c is not ('0' or 'O' or 'I' or 'l'));
    }

    /// <summary>Whether the text may name an instrument at all, in whatever spelling.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= 2 and <= MaxLength && text.All(c => IsCurrencyCharacter(c) || c is '-' or '/' or ':' or '.' or '_' or '*');
    }

    /// <summary>With the small letters of the Latin alphabet made capitals, and no others.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(char.IsAsciiLetterLower)
            ? string.Create(text.Length, text, static (folded, from) =>
            {
                for (var i = 0; i < folded.Length; i++)
                {
                    folded[i] = char.IsAsciiLetterLower(from[i]) ? (char)(from[i] - 'a' + 'A') : from[i];
                }
            })
            : text;
    }

    /// <summary>
    /// What else an instrument is called: the venue's own symbol, ccxt (<c>BTC/USDT</c>, <c>BTC/USDT:USDT</c>) and TradingView
    /// (<c>BINANCE:BTCUSDT.P</c>, and the same without the exchange). Tokens have no other name.
    /// </summary>
    public static IReadOnlyList<string> AliasesOf(InstrumentInfo instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (instrument.Kind == InstrumentKind.Token)
        {
            return [];
        }

        var isPerpetual = instrument.Kind == InstrumentKind.Perpetual;
        var joined = $"{instrument.Base}{instrument.Quote}{(isPerpetual ? TradingViewPerpetual : "")}";
        var pair = $"{instrument.Base}/{instrument.Quote}";
        string[] names = [instrument.Symbol, isPerpetual ? $"{pair}:{instrument.Quote}" : pair, $"{ExchangeOf(instrument.Venue)}:{joined}", joined];
        return [.. names.Distinct(StringComparer.Ordinal).Where(name => name != instrument.Id)];
    }

    /// <summary>TradingView's name of an exchange: one for all markets of it.</summary>
    public static string ExchangeOf(string venue)
    {
        ArgumentNullException.ThrowIfNull(venue);
        var end = venue.IndexOf('-', StringComparison.Ordinal);
        return Fold(end < 0 ? venue : venue[..end]);
    }

    /// <summary>Ids that a name may stand for when no list of the venue is at hand; the venue's own rule tells which of them it does.</summary>
    public static IEnumerable<string> GuessIds(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (IsMint(name))
        {
            return [name];
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var hasExchange = colon >= 0 && !name[..colon].Contains('/', StringComparison.Ordinal);
        var plain = Fold(hasExchange ? name[(colon + 1)..] : name);
        var parts = plain.Split('-', '/', ':');
        var (first, second) = parts.Length > 1 ? (parts[0], parts[1]) : CutQuote(plain);
        return IsCurrency(first) && IsCurrency(second)
            ? [IdOf(first, second, InstrumentKind.Spot), IdOf(first, second, InstrumentKind.Perpetual)]
            : [];
    }

    private static (string Base, string Quote) CutQuote(string joined)
    {
        var pair = joined.EndsWith(TradingViewPerpetual, StringComparison.Ordinal) ? joined[..^TradingViewPerpetual.Length] : joined;
        var quote = Quotes.FirstOrDefault(one => pair.Length > one.Length && pair.EndsWith(one, StringComparison.Ordinal));
        return quote is null ? ("", "") : (pair[..^quote.Length], quote);
    }

    private static bool IsCurrency(string text) => text.Length > 0 && text.All(IsCurrencyCharacter);

    // Letters and digits of any script, and what a character outside the basic plane is made of.
    private static bool IsCurrencyCharacter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);
}
