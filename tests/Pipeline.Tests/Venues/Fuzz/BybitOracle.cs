using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using static Pipeline.Tests.Venues.Fuzz.OracleJson;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>Bybit v5 spot. The topic names kind and symbol; integers come as numbers or as text.</summary>
internal sealed class BybitOracle(IReadOnlyList<string> symbols) : FuzzOracle(symbols)
{
    private static readonly Dictionary<string, string> Intervals = new(StringComparer.Ordinal)
    {
        ["1"] = "1m",
        ["3"] = "3m",
        ["5"] = "5m",
        ["15"] = "15m",
        ["30"] = "30m",
        ["60"] = "1h",
        ["120"] = "2h",
        ["240"] = "4h",
        ["360"] = "6h",
        ["720"] = "12h",
        ["D"] = "1d",
        ["W"] = "1w",
    };

    protected override void ReadRoot(JsonElement root, FuzzReading into)
    {
        if (Get(root, "topic"u8) is not { } topic)
        {
            into.IsControl = Get(root, "success"u8) is not null || Get(root, "op"u8) is not null;
            return;
        }

        var parts = (Text(topic) ?? "").Split('.', 2);
        if (parts.Length < 2 || Get(root, "data"u8) is not { } data)
        {
            return;
        }

        var inner = parts[1].Split('.', 2);
        switch (parts[0])
        {
            case "publicTrade" when SymbolOf(parts[1]) is var symbol and >= 0:
                AddTrades(data, symbol, into);
                break;
            case "tickers" when SymbolOf(parts[1]) is var symbol and >= 0:
                AddTicker(root, data, symbol, into);
                break;
            case "kline" when inner.Length == 2 && Intervals.TryGetValue(inner[0], out var interval) && SymbolOf(inner[1]) is var symbol and >= 0:
                AddCandles(root, data, symbol, CandleInterval.Parse(interval), into);
                break;
            case "orderbook" when inner.Length == 2 && inner[0].Length > 0 && inner[0].All(char.IsAsciiDigit) && SymbolOf(inner[1]) is var symbol and >= 0:
                AddBook(root, data, symbol, inner[0] == "1", into);
                break;
        }
    }

    private static void AddTrades(JsonElement data, int symbol, FuzzReading into)
    {
        foreach (var row in Rows(data))
        {
            var side = Text(Get(row, "S"u8)) switch { "Buy" => AggressorSide.Buy, "Sell" => AggressorSide.Sell, _ => AggressorSide.Unknown };
            if (side != AggressorSide.Unknown && IdOf(Get(row, "i"u8)) is ({ } id and >= 0) && Number(row, "T"u8) is { } time && IsTime(time)
                && Decimal(Get(row, "p"u8)) is { IsPositive: true } price && Decimal(Get(row, "v"u8)) is { IsPositive: true } quantity)
            {
                into.Records.Add(RecordText.Of(new VenueTrade(symbol, id, id, price, quantity, side, 1, TradeKind.Market, time)));
            }
        }
    }

    private static void AddCandles(JsonElement root, JsonElement data, int symbol, CandleInterval interval, FuzzReading into)
    {
        if (Number(root, "ts"u8) is not { } told || !IsTime(told))
        {
            return;
        }

        foreach (var row in Rows(data))
        {
            if (Number(row, "start"u8) is { } start && IsTime(start)
                && Decimal(Get(row, "open"u8)) is { } open && Decimal(Get(row, "close"u8)) is { } close
                && Decimal(Get(row, "high"u8)) is { } high && Decimal(Get(row, "low"u8)) is { IsPositive: true } low && high >= low
                && OracleJson.Amount(Get(row, "volume"u8)) is { } volume && OracleJson.Amount(Get(row, "turnover"u8)) is { } turnover
                && Get(row, "confirm"u8) is { ValueKind: JsonValueKind.True or JsonValueKind.False } confirm)
            {
                into.Records.Add(RecordText.Of(new VenueCandle(
                    symbol, interval, start, open, high, low, close, volume, turnover, null, -1, -1, -1, confirm.GetBoolean(), told)));
            }
        }
    }

    private static void AddTicker(JsonElement root, JsonElement data, int symbol, FuzzReading into)
    {
        if (Number(root, "ts"u8) is { } time && IsTime(time)
            && Decimal(Get(data, "lastPrice"u8)) is { IsPositive: true } last && Decimal(Get(data, "prevPrice24h"u8)) is { Mantissa: >= 0 } open
            && Decimal(Get(data, "highPrice24h"u8)) is { } high && Decimal(Get(data, "lowPrice24h"u8)) is { Mantissa: >= 0 } low && high >= low
            && OracleJson.Amount(Get(data, "volume24h"u8)) is { } volume && OracleJson.Amount(Get(data, "turnover24h"u8)) is { } turnover)
        {
            into.Records.Add(RecordText.Of(new VenueTicker(symbol, last, null, null, null, null, null, open, high, low, volume, turnover, time)));
        }
    }

    private static void AddBook(JsonElement root, JsonElement data, int symbol, bool isQuote, FuzzReading into)
    {
        var type = Text(Get(root, "type"u8));
        if ((type != "snapshot" && (isQuote || type != "delta")) || (Number(root, "cts"u8) ?? Number(root, "ts"u8)) is not { } time || !IsTime(time)
            || Number(data, "u"u8) is not ({ } id and >= 0) || Levels(Get(data, "b"u8)) is not { } bids || Levels(Get(data, "a"u8)) is not { } asks)
        {
            return;
        }

        if (isQuote)
        {
            var (bid, ask) = (bids.FirstOrDefault(), asks.FirstOrDefault());
            into.Records.Add(RecordText.Of(new VenueQuote(symbol, id, bid.Price, bid.Quantity, ask.Price, ask.Quantity, time)));
            return;
        }

        var kind = type == "snapshot" || id == 1 ? BookUpdateKind.Snapshot : BookUpdateKind.Update;
        into.Records.Add(RecordText.Of(new VenueBookUpdate(symbol, kind, id, id, -1, 0, 0, 0, time), bids.ToArray(), asks.ToArray()));
    }

    /// <summary>A number, or a UUID whose halves are joined by exclusive or, without the top bit.</summary>
    private static long? IdOf(JsonElement? value)
    {
        var text = Text(value);
        if (text is not { Length: 36 })
        {
            return Integer(value) ?? (text is not null && !text.StartsWith('-') ? TextInteger(value) : null);
        }

        var isUuid = text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
        var digits = text.Replace("-", "", StringComparison.Ordinal);
        return isUuid && digits.Length == 32 && digits.All(char.IsAsciiHexDigit)
            ? (long)((Half(digits[..16]) ^ Half(digits[16..])) & long.MaxValue)
            : null;
    }

    private static ulong Half(string digits) => ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static long? Number(JsonElement source, ReadOnlySpan<byte> name) => Integer(Get(source, name)) ?? TextInteger(Get(source, name));

    private static IEnumerable<JsonElement> Rows(JsonElement data) =>
        data.ValueKind == JsonValueKind.Array ? data.EnumerateArray() : Enumerable.Empty<JsonElement>();
}
