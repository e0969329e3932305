using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>Lists over all instruments. A row that cannot be read is passed over and counted: it loses no other.</summary>
internal static class BinanceInstruments
{
    /// <summary>The array <c>symbols</c> of <c>exchangeInfo</c>.</summary>
    public static IReadOnlyList<InstrumentInfo> Read(
        ReadOnlyMemory<byte> body, Func<JsonElement, InstrumentInfo?> readOne, Action<int> skipped)
    {
        using var document = JsonDocument.Parse(body);
        var instruments = new List<InstrumentInfo>();
        Each(document.RootElement.GetProperty("symbols"), skipped, symbol =>
        {
            if (readOne(symbol) is { } instrument)
            {
                instruments.Add(instrument);
            }
        });
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
    public static IReadOnlyDictionary<string, Number> ReadTurnover(ReadOnlyMemory<byte> body, Action<int> skipped)
    {
        using var document = JsonDocument.Parse(body);
        var turnover = new Dictionary<string, Number>(StringComparer.Ordinal);
        Each(document.RootElement, skipped, ticker => turnover[Text(ticker, "symbol")] = Whole(Text(ticker, "quoteVolume")));
        return turnover;
    }

    private static void Each(JsonElement rows, Action<int> skipped, Action<JsonElement> read)
    {
        var odd = 0;
        foreach (var row in rows.EnumerateArray())
        {
            try
            {
                read(row);
            }
            catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
            {
                odd++;
            }
        }

        if (odd > 0)
        {
            skipped(odd);
        }
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
