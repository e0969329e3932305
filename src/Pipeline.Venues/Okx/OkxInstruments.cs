using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>Rows of the venue's instrument and ticker lists. Rows that are not understood are passed over: a new kind is no failure.</summary>
internal static class OkxInstruments
{
    public static IEnumerable<InstrumentInfo> Read(JsonElement rows)
    {
        foreach (var row in rows.EnumerateArray())
        {
            var info = Text(row, "instType") switch
            {
                "SPOT" => Spot(row),
                "SWAP" => Perpetual(row),
                _ => null,
            };
            if (info is not null)
            {
                yield return info;
            }
        }
    }

    /// <summary>
    /// Turnover by symbol. For spot the venue says it in quote currency; for swaps it says base currency, which the last price turns into
    /// something near enough to rank by.
    /// </summary>
    public static void ReadTurnover(JsonElement rows, Dictionary<string, Number> into)
    {
        foreach (var row in rows.EnumerateArray())
        {
            if (Text(row, "instId") is not { } symbol || Value(row, "volCcy24h") is not { } volume)
            {
                continue;
            }

            if (Text(row, "instType") == "SPOT")
            {
                into[symbol] = volume;
            }
            else if (PairOf(symbol) is not null && Value(row, "last") is { } last)
            {
                into[symbol] = Product(volume, last);
            }
        }
    }

    private static InstrumentInfo? Spot(JsonElement row) =>
        Text(row, "instId") is { } symbol && Text(row, "baseCcy") is { Length: > 0 } @base && Text(row, "quoteCcy") is { Length: > 0 } quote
            && symbol == $"{@base}-{quote}"
            ? new InstrumentInfo(
                "okx", symbol, symbol, InstrumentKind.Spot, @base, quote, Value(row, "tickSz"), Value(row, "lotSz"), null, Status(row))
            : null;

    private static InstrumentInfo? Perpetual(JsonElement row) =>
        Text(row, "instId") is { } symbol && Text(row, "ctType") == "linear" && PairOf(symbol) is var (@base, quote)
            ? new InstrumentInfo(
                "okx", InstrumentNames.IdOf(@base, quote, InstrumentKind.Perpetual), symbol, InstrumentKind.Perpetual, @base, quote,
                Value(row, "tickSz"), Value(row, "lotSz"), Value(row, "ctVal"), Status(row))
            : null;

    /// <summary>The currencies of a swap against USDT or USDC; null for every other symbol.</summary>
    private static (string Base, string Quote)? PairOf(string symbol) =>
        symbol.Split('-') is [{ Length: > 0 } @base, var quote, "SWAP"] && quote is ("USDT" or "USDC") ? (@base, quote) : null;

    private static InstrumentStatus Status(JsonElement row) => Text(row, "state") switch
    {
        "live" => InstrumentStatus.Trading,
        "preopen" => InstrumentStatus.PreOpen,
        "expired" => InstrumentStatus.Delisted,

        // "suspend", and words that are new: listed, and nothing says that it is traded.
        _ => InstrumentStatus.Halted,
    };

    private static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static Number? Value(JsonElement row, string name) => Text(row, name) is { } text && Number.TryParse(text, out var number) ? number : null;

    /// <summary>The product cut down to what a number holds; to whole cents at most.</summary>
    private static Number Product(Number left, Number right)
    {
        const long Largest = 999_999_999_999_999_999;
        var product = WideNumber.Multiply(left, right);
        var mantissa = product.Mantissa;
        var scale = (int)product.Scale;
        while (scale > 0 && (scale > 2 || mantissa > Largest))
        {
            mantissa /= 10;
            scale--;
        }

        return new Number((long)Int128.Min(mantissa, Largest), scale);
    }
}
