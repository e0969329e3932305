using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using static Pipeline.Tests.Venues.Fuzz.OracleJson;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>
/// Binance spot and USDⓈ-M futures. A letter has another meaning per JSON type (<c>a</c> is an id, a price or levels), so that a member
/// counts for the type it has. The payload is the frame, or what the combined envelope wraps.
/// </summary>
internal sealed class BinanceOracle(IReadOnlyList<string> symbols, bool isFutures) : FuzzOracle(symbols)
{
    protected override void ReadRoot(JsonElement root, FuzzReading into)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            AddRows(root, into);
            return;
        }

        var data = Get(root, "data"u8);
        var stream = Text(Get(root, "stream"u8, JsonValueKind.String));
        var payload = data is { ValueKind: JsonValueKind.Object } wrapped ? wrapped : root;
        into.IsControl = Get(root, "result"u8) is not null || Get(root, "error"u8) is not null
            || (Get(root, "code"u8) is { ValueKind: JsonValueKind.Number } && Get(root, "msg"u8) is not null)
            || Text(Get(payload, "e"u8)) == "serverShutdown";
        if (into.IsControl || root.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (data is { ValueKind: JsonValueKind.Array } rows && Get(root, "stream"u8, JsonValueKind.String) is not null)
        {
            AddRows(rows, into);
        }
        else
        {
            Add(payload, stream, into);
        }
    }

    private void AddRows(JsonElement rows, FuzzReading into)
    {
        if (rows.GetArrayLength() > 0 && rows[0].ValueKind == JsonValueKind.Object)
        {
            foreach (var row in rows.EnumerateArray())
            {
                Add(row, null, into);
            }
        }
    }

    private void Add(JsonElement payload, string? stream, FuzzReading into)
    {
        if (payload.ValueKind != JsonValueKind.Object || (isFutures && Int(payload, "st"u8) == 2))
        {
            return;
        }

        var symbol = SymbolOf(Text(Get(payload, "s"u8, JsonValueKind.String)));
        var kind = Get(payload, "e"u8) is { } name ? Text(name) ?? "?" : "";
        switch (kind)
        {
            case "trade" or "aggTrade" when symbol >= 0:
                AddTrade(payload, symbol, kind == "trade", into);
                break;
            case "bookTicker" when symbol >= 0:
                AddQuote(payload, symbol, into);
                break;
            case "depthUpdate" when symbol >= 0:
                AddDepth(payload, symbol, isFutures && IsPartialBook(stream), into);
                break;
            case "kline" when symbol >= 0:
                AddCandle(payload, symbol, into);
                break;
            case "24hrTicker" when symbol >= 0:
                AddTicker(payload, symbol, into);
                break;
            case "markPriceUpdate" when isFutures && symbol >= 0:
                AddMarkPrice(payload, symbol, into);
                break;
            case "forceOrder" when isFutures:
                AddLiquidation(Get(payload, "o"u8, JsonValueKind.Object), into);
                break;
            case "" when !isFutures && Integer(Get(payload, "lastUpdateId"u8)) is { } id:
                AddPartialBook(payload, id, stream, into);
                break;
            case "" when !isFutures && symbol >= 0:
                AddQuote(payload, symbol, into);
                break;
        }
    }

    private static void AddTrade(JsonElement payload, int symbol, bool isSingle, FuzzReading into)
    {
        var isOffMarket = isSingle && Get(payload, "X"u8, JsonValueKind.String) is { } kind && Text(kind) != "MARKET";
        if (Int(payload, isSingle ? "t"u8 : "a"u8) is not ({ } id and >= 0) || Dec(payload, "p"u8) is not { Mantissa: >= 0 } price
            || Dec(payload, "q"u8) is not { Mantissa: >= 0 } quantity || Int(payload, "T"u8) is not { } time || !IsTime(time)
            || Get(payload, "m"u8, JsonValueKind.True, JsonValueKind.False) is not { } maker || (!isOffMarket && !(price.IsPositive && quantity.IsPositive)))
        {
            return;
        }

        var fills = 1L;
        if (!isSingle)
        {
            if (Int(payload, "f"u8) is not ({ } first and >= 0) || Int(payload, "l"u8) is not { } last || last < first || last - first >= int.MaxValue)
            {
                return;
            }

            fills = last - first + 1;
        }

        var side = maker.GetBoolean() ? AggressorSide.Sell : AggressorSide.Buy;
        var tradeKind = isOffMarket ? TradeKind.OffMarket : TradeKind.Market;
        into.Records.Add(RecordText.Of(new VenueTrade(symbol, id, id, price, quantity, side, (int)fills, tradeKind, time)));
    }

    private static void AddQuote(JsonElement payload, int symbol, FuzzReading into)
    {
        if (Int(payload, "u"u8) is ({ } id and >= 0) && IsTime(TimeOf(payload))
            && Dec(payload, "b"u8) is { Mantissa: >= 0 } bid && Dec(payload, "B"u8) is { Mantissa: >= 0 } bidQuantity
            && Dec(payload, "a"u8) is { Mantissa: >= 0 } ask && Dec(payload, "A"u8) is { Mantissa: >= 0 } askQuantity)
        {
            into.Records.Add(RecordText.Of(new VenueQuote(symbol, id, bid, bidQuantity, ask, askQuantity, TimeOf(payload))));
        }
    }

    private static void AddDepth(JsonElement payload, int symbol, bool isPartial, FuzzReading into)
    {
        var previous = Int(payload, "pu"u8) ?? -1;
        if (Int(payload, "U"u8) is not ({ } first and >= 0) || Int(payload, "u"u8) is not { } last || last < first || previous < -1
            || Int(payload, "E"u8) is null || !IsTime(TimeOf(payload))
            || Levels(Get(payload, "b"u8, JsonValueKind.Array)) is not { } bids || Levels(Get(payload, "a"u8, JsonValueKind.Array)) is not { } asks)
        {
            return;
        }

        into.Records.Add(RecordText.Of(
            isPartial
                ? new VenueBookUpdate(symbol, BookUpdateKind.Partial, last, last, -1, 0, 0, 0, TimeOf(payload))
                : new VenueBookUpdate(symbol, BookUpdateKind.Update, first, last, previous, 0, 0, 0, TimeOf(payload)),
            bids.ToArray(),
            asks.ToArray()));
    }

    /// <summary>Of spot, where the stream's name alone tells the symbol, in lower case.</summary>
    private void AddPartialBook(JsonElement payload, long id, string? stream, FuzzReading into)
    {
        var symbol = IsPartialBook(stream) ? SymbolOf(Upper(stream![..stream!.IndexOf('@', StringComparison.Ordinal)])) : -1;
        if (symbol >= 0 && id >= 0 && IsTime(TimeOf(payload))
            && Levels(Get(payload, "bids"u8, JsonValueKind.Array)) is { } bids && Levels(Get(payload, "asks"u8, JsonValueKind.Array)) is { } asks)
        {
            var update = new VenueBookUpdate(symbol, BookUpdateKind.Partial, id, id, -1, 0, 0, 0, TimeOf(payload));
            into.Records.Add(RecordText.Of(update, bids.ToArray(), asks.ToArray()));
        }
    }

    private static void AddCandle(JsonElement payload, int symbol, FuzzReading into)
    {
        if (Int(payload, "E"u8) is { } time && IsTime(time) && Get(payload, "k"u8, JsonValueKind.Object) is { } k
            && Text(Get(k, "i"u8, JsonValueKind.String)) is { } name && CandleInterval.All.FirstOrDefault(known => known.Name == name) is { } interval
            && Int(k, "t"u8) is { } open && IsTime(open) && Int(k, "f"u8) is { } first && Int(k, "L"u8) is { } last && Int(k, "n"u8) is ({ } trades and >= 0)
            && Dec(k, "o"u8) is { } o && Dec(k, "h"u8) is { } h && Dec(k, "l"u8) is { IsPositive: true } l && h >= l && Dec(k, "c"u8) is { } c
            && Amount(k, "v"u8) is { } v && Total(k, "q"u8) is { } q && Total(k, "V"u8) is { } taker && Get(k, "x"u8, JsonValueKind.True, JsonValueKind.False) is { } closed)
        {
            into.Records.Add(RecordText.Of(new VenueCandle(
                symbol, interval, open, o, h, l, c, v, q, taker, trades, first, last, closed.GetBoolean(), time)));
        }
    }

    private static void AddTicker(JsonElement payload, int symbol, FuzzReading into)
    {
        if (Int(payload, "E"u8) is { } time && IsTime(time) && Dec(payload, "c"u8) is { Mantissa: >= 0 } last && Dec(payload, "o"u8) is { Mantissa: >= 0 } open
            && Dec(payload, "h"u8) is { } high && Dec(payload, "l"u8) is { Mantissa: >= 0 } low && high >= low && Amount(payload, "v"u8) is { } volume)
        {
            into.Records.Add(RecordText.Of(new VenueTicker(
                symbol, last, Dec(payload, "Q"u8), Dec(payload, "b"u8), Dec(payload, "B"u8), Dec(payload, "a"u8), Dec(payload, "A"u8),
                open, high, low, volume, Total(payload, "q"u8), time)));
        }
    }

    /// <summary>Rows of delisted instruments have no next funding time, or 0.</summary>
    private static void AddMarkPrice(JsonElement payload, int symbol, FuzzReading into)
    {
        var due = Int(payload, "T"u8) ?? 0;
        var rate = Dec(payload, "r"u8);
        var index = Dec(payload, "i"u8);
        if (Int(payload, "E"u8) is not { } time || !IsTime(time) || !IsTime(due) || Dec(payload, "p"u8) is not { IsPositive: true } mark
            || index is { Mantissa: < 0 } || (due != 0 && rate is null))
        {
            return;
        }

        into.Records.Add(RecordText.Of(new VenueMarkPrice(symbol, mark, index, time)));
        if (due != 0)
        {
            into.Records.Add(RecordText.Of(new VenueFundingRate(symbol, rate!.Value, due, time)));
        }
    }

    private void AddLiquidation(JsonElement? order, FuzzReading into)
    {
        if (order is not { } o || SymbolOf(Text(Get(o, "s"u8, JsonValueKind.String))) is not (var symbol and >= 0))
        {
            return;
        }

        var side = Text(Get(o, "S"u8, JsonValueKind.String)) switch { "BUY" => AggressorSide.Buy, "SELL" => AggressorSide.Sell, _ => AggressorSide.Unknown };
        var average = OracleJson.Decimal(Get(o, "ap"u8));
        if (side != AggressorSide.Unknown && Dec(o, "p"u8) is { IsPositive: true } price && Dec(o, "q"u8) is { IsPositive: true } quantity
            && Int(o, "T"u8) is { } time && IsTime(time) && average is not { Mantissa: < 0 })
        {
            var filled = average is { IsPositive: true } ? average : null;
            into.Records.Add(RecordText.Of(new VenueLiquidation(symbol, side, price, filled, quantity, time)));
        }
    }

    /// <summary><c>btcusdt@depth20@100ms</c>: with a number of levels the levels are whole.</summary>
    private static bool IsPartialBook(string? stream)
    {
        var at = stream?.IndexOf("@depth", StringComparison.Ordinal) ?? -1;
        return at >= 0 && at + 6 < stream!.Length && char.IsAsciiDigit(stream[at + 6]);
    }

    private static string Upper(string name) => string.Concat(name.Select(c => c is >= 'a' and <= 'z' ? (char)(c - 32) : c));

    private static long TimeOf(JsonElement payload) => Int(payload, "T"u8) ?? Int(payload, "E"u8) ?? 0;

    private static long? Int(JsonElement source, ReadOnlySpan<byte> name) => Integer(Get(source, name, JsonValueKind.Number));

    private static WideNumber? Total(JsonElement source, ReadOnlySpan<byte> name) => OracleJson.Total(Get(source, name, JsonValueKind.String));

    private static WideNumber? Amount(JsonElement source, ReadOnlySpan<byte> name) => OracleJson.Amount(Get(source, name, JsonValueKind.String));

    private static Number? Dec(JsonElement source, ReadOnlySpan<byte> name) => OracleJson.Decimal(Get(source, name, JsonValueKind.String));
}
