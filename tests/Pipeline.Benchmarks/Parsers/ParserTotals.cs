using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>
/// What a contender read, summed up so that it can be compared: every number it took from a frame is in one of the sums. Sums of
/// decimals are in units of 10⁻⁸ and wrap around.
/// </summary>
internal struct ParserTotals : IEquatable<ParserTotals>
{
    public long Trades;
    public long TradeIds;
    public long TradePrices;
    public long TradeQuantities;
    public long TradeTimes;
    public long Sells;
    public long Quotes;
    public long QuoteSum;
    public long Books;
    public long Levels;
    public long LevelSum;
    public long Candles;
    public long CandleSum;
    public long Tickers;
    public long TickerSum;

    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Units(Number number) => number.Mantissa * PowersOfTen[8 - number.Scale];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Units(WideNumber number) => (long)number.Mantissa * PowersOfTen[8 - number.Scale];

    public static long Units(decimal number) => (long)(number * 100_000_000m);

    public readonly bool Equals(ParserTotals other) => ToString() == other.ToString();

    public override readonly bool Equals(object? obj) => obj is ParserTotals other && Equals(other);

    public override readonly int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override readonly string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"trades {Trades} ids {TradeIds} prices {TradePrices} quantities {TradeQuantities} times {TradeTimes} sells {Sells} quotes {Quotes}/{QuoteSum} books {Books} levels {Levels}/{LevelSum} candles {Candles}/{CandleSum} tickers {Tickers}/{TickerSum}");
}
