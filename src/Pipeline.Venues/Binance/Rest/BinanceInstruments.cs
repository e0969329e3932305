using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>Lists over all instruments.</summary>
internal static class BinanceInstruments
{
    /// <summary>The array <c>symbols</c> of <c>exchangeInfo</c>.</summary>
    public static IReadOnlyList<InstrumentInfo> Read(ReadOnlyMemory<byte> body, Func<JsonElement, InstrumentInfo?> readOne)
    {
        using var document = JsonDocument.Parse(body);
        var instruments = new List<InstrumentInfo>();
        foreach (var symbol in document.RootElement.GetProperty("symbols").EnumerateArray())
        {
            if (readOne(symbol) is { } instrument)
            {
                instruments.Add(instrument);
            }
        }

        return instruments;
    }

    /// <summary>Null when the symbol is not base and quote written together: our name could not be turned back into it.</summary>
    public static InstrumentInfo? ReadOne(JsonElement symbol, string venue, InstrumentKind kind, string suffix, InstrumentStatus status)
    {
        var name = Text(symbol, "symbol");
        var baseAsset = Text(symbol, "baseAsset");
        var quoteAsset = Text(symbol, "quoteAsset");
        if (name != baseAsset + quoteAsset)
        {
            return null;
        }

        return new InstrumentInfo(
            venue, $"{baseAsset}-{quoteAsset}{suffix}", name, kind, baseAsset, quoteAsset,
            Step(symbol, "PRICE_FILTER", "tickSize"), Step(symbol, "LOT_SIZE", "stepSize"), null, status);
    }

    /// <summary>Quote volume by symbol, from the array of <c>ticker/24hr</c>.</summary>
    public static IReadOnlyDictionary<string, Number> ReadTurnover(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var turnover = new Dictionary<string, Number>(StringComparer.Ordinal);
        foreach (var ticker in document.RootElement.EnumerateArray())
        {
            turnover[Text(ticker, "symbol")] = Whole(Text(ticker, "quoteVolume"));
        }

        return turnover;
    }

    /// <summary>A decimal; without its fraction when it has more digits than a number holds (rupiah have): it only ranks.</summary>
    private static Number Whole(string text) => Number.TryParse(text, out var exact) ? exact : Number.Parse(text.Split('.')[0]);

    private static Number? Step(JsonElement symbol, string filter, string field)
    {
        foreach (var candidate in symbol.GetProperty("filters").EnumerateArray())
        {
            if (candidate.GetProperty("filterType").ValueEquals(filter))
            {
                // Zero: the filter is off.
                return Number.TryParse(Text(candidate, field), out var step) && step.IsPositive ? step : null;
            }
        }

        return null;
    }

    private static string Text(JsonElement owner, string name) =>
        owner.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");
}
