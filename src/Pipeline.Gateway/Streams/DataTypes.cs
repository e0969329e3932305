using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>Names of what streams carry, as in <c>dataTypes</c> and at the end of a stream's name.</summary>
internal static class DataTypes
{
    private const string CandlePrefix = "candle:";

    /// <summary>Names without candles.</summary>
    public static IReadOnlyList<string> Plain { get; } = ["trade", "quote", "book", "ticker", "gap", "health"];

    public static string NameOf(DataKind kind, CandleInterval? interval) => kind switch
    {
        DataKind.Trade => "trade",
        DataKind.Quote => "quote",
        DataKind.Book => "book",
        DataKind.Ticker => "ticker",
        DataKind.Gap => "gap",
        DataKind.Health => "health",
        _ => $"{CandlePrefix}{interval?.Name}",
    };

    /// <summary>Intervals may be spelt in any way that <see cref="CandleInterval.TryParse"/> knows; <c>candle</c> alone stands for all of them.</summary>
    public static bool TryParse(string name, out DataKind kind, out CandleInterval? interval)
    {
        interval = null;
        if (name.StartsWith(CandlePrefix, StringComparison.Ordinal))
        {
            kind = DataKind.Candle;
            return CandleInterval.TryParse(name[CandlePrefix.Length..], out interval);
        }

        (kind, var isKnown) = name switch
        {
            "trade" => (DataKind.Trade, true),
            "quote" => (DataKind.Quote, true),
            "book" => (DataKind.Book, true),
            "ticker" => (DataKind.Ticker, true),
            "gap" => (DataKind.Gap, true),
            "health" => (DataKind.Health, true),
            "candle" => (DataKind.Candle, true),
            _ => (default, false),
        };
        return isKnown;
    }
}
