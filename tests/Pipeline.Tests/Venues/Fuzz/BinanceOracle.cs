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

        var data = Get(root, "data");
        var stream = Text(Get(root, "stream", JsonValueKind.String));
        var payload = data is { ValueKind: JsonValueKind.Object } wrapped ? wrapped : root;
        into.IsControl = Get(root, "result") is not null || Get(root, "error") is not null
            || (Get(root, "code") is { ValueKind: JsonValueKind.Number } && Get(root, "msg") is not null)
            || Text(Get(payload, "e")) == "serverShutdown";
        if (into.IsControl || root.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (data is { ValueKind: JsonValueKind.Array } rows && Get(root, "stream", JsonValueKind.String) is not null)
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
        if (payload.ValueKind != JsonValueKind.Object || (isFutures && Int(payload, "st") == 2))
        {
            return;
        }

        var symbol = SymbolOf(Text(Get(payload, "s", JsonValueKind.String)));
        var kind = Get(payload, "e") is { } name ? Text(name) ?? "?" : "";
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
                AddLiquidation(Get(payload, "o", JsonValueKind.Object), into);
                break;
            case "" when !isFutures && Integer(Get(payload, "lastUpdateId")) is { } id:
                AddPartialBook(payload, id, stream, into);
                break;
            case "" when !isFutures && symbol >= 0:
                AddQuote(payload, symbol, into);
                break;
        }
    }

    private static void AddTrade(JsonElement payload, int symbol, bool isSingle, FuzzReading into)
    {
        var isOffMarket = isSingle && Get(payload, "X", JsonValueKind.String) is { } kind && Text(kind) != "MARKET";
        if (Int(payload, isSingle ? "t" : "a") is not ({ } id and >= 0) || Dec(payload, "p") is not { Mantissa: >= 0 } price
            || Dec(payload, "q") is not { Mantissa: >= 0 } quantity || Int(payload, "T") is not { } time || !IsTime(time)
            || Get(payload, "m", JsonValueKind.True, JsonValueKind.False) is not { } maker || (!isOffMarket && !(price.IsPositive && quantity.IsPositive)))
        {
            return;
        }

        var fills = 1L;
        if (!isSingle)
        {
            if (Int(payload, "f") is not ({ } first and >= 0) || Int(payload, "l") is not { } last || last < first || last - first >= int.MaxValue)
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
        if (Int(payload, "u") is ({ } id and >= 0) && IsTime(TimeOf(payload))
            && Dec(payload, "b") is { Mantissa: >= 0 } bid && Dec(payload, "B") is { Mantissa: >= 0 } bidQuantity
            && Dec(payload, "a") is { Mantissa: >= 0 } ask && Dec(payload, "A") is { Mantissa: >= 0 } askQuantity)
        {
            into.Records.Add(RecordText.Of(new VenueQuote(symbol, id, bid, bidQuantity, ask, askQuantity, TimeOf(payload))));
        }
    }

    private static void AddDepth(JsonElement payload, int symbol, bool isPartial, FuzzReading into)
    {
        var previous = Int(payload, "pu") ?? -1;
        if (Int(payload, "U") is not ({ } first and >= 0) || Int(payload, "u") is not { } last || last < first || previous < -1
            || Int(payload, "E") is null || !IsTime(TimeOf(payload))
            || Levels(Get(payload, "b", JsonValueKind.Array)) is not { } bids || Levels(Get(payload, "a", JsonValueKind.Array)) is not { } asks)
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
            && Levels(Get(payload, "bids", JsonValueKind.Array)) is { } bids && Levels(Get(payload, "asks", JsonValueKind.Array)) is { } asks)
        {
            var update = new VenueBookUpdate(symbol, BookUpdateKind.Partial, id, id, -1, 0, 0, 0, TimeOf(payload));
            into.Records.Add(RecordText.Of(update, bids.ToArray(), asks.ToArray()));
        }
    }

    private static void AddCandle(JsonElement payload, int symbol, FuzzReading into)
    {
        if (Int(payload, "E") is { } time && IsTime(time) && Get(payload, "k", JsonValueKind.Object) is { } k
            && Text(Get(k, "i", JsonValueKind.String)) is { } name && CandleInterval.All.FirstOrDefault(known => known.Name == name) is { } interval
            && Int(k, "t") is { } open && IsTime(open) && Int(k, "f") is { } first && Int(k, "L") is { } last && Int(k, "n") is ({ } trades and >= 0)
            && Dec(k, "o") is { } o && Dec(k, "h") is { } h && Dec(k, "l") is { IsPositive: true } l && h >= l && Dec(k, "c") is { } c
            && Dec(k, "v") is { Mantissa: >= 0 } v && Dec(k, "q") is { } q && Dec(k, "V") is { } taker && Get(k, "x", JsonValueKind.True, JsonValueKind.False) is { } closed)
        {
            into.Records.Add(RecordText.Of(new VenueCandle(
                symbol, interval, open, o, h, l, c, v, q, taker, trades, first, last, closed.GetBoolean(), time)));
        }
    }

    private static void AddTicker(JsonElement payload, int symbol, FuzzReading into)
    {
        if (Int(payload, "E") is { } time && IsTime(time) && Dec(payload, "c") is { Mantissa: >= 0 } last && Dec(payload, "o") is { Mantissa: >= 0 } open
            && Dec(payload, "h") is { } high && Dec(payload, "l") is { Mantissa: >= 0 } low && high >= low && Dec(payload, "v") is { Mantissa: >= 0 } volume)
        {
            into.Records.Add(RecordText.Of(new VenueTicker(
                symbol, last, Dec(payload, "Q"), Dec(payload, "b"), Dec(payload, "B"), Dec(payload, "a"), Dec(payload, "A"),
                open, high, low, volume, Dec(payload, "q"), time)));
        }
    }

    /// <summary>Rows of delisted instruments have no next funding time, or 0.</summary>
    private static void AddMarkPrice(JsonElement payload, int symbol, FuzzReading into)
    {
        var due = Int(payload, "T") ?? 0;
        var rate = Dec(payload, "r");
        var index = Dec(payload, "i");
        if (Int(payload, "E") is not { } time || !IsTime(time) || !IsTime(due) || Dec(payload, "p") is not { IsPositive: true } mark
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
        if (order is not { } o || SymbolOf(Text(Get(o, "s", JsonValueKind.String))) is not (var symbol and >= 0))
        {
            return;
        }

        var side = Text(Get(o, "S", JsonValueKind.String)) switch { "BUY" => AggressorSide.Buy, "SELL" => AggressorSide.Sell, _ => AggressorSide.Unknown };
        var average = OracleJson.Decimal(Get(o, "ap"));
        if (side != AggressorSide.Unknown && Dec(o, "p") is { IsPositive: true } price && Dec(o, "q") is { IsPositive: true } quantity
            && Int(o, "T") is { } time && IsTime(time) && average is not { Mantissa: < 0 })
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

    private static long TimeOf(JsonElement payload) => Int(payload, "T") ?? Int(payload, "E") ?? 0;

    private static long? Int(JsonElement source, string name) => Integer(Get(source, name, JsonValueKind.Number));

    private static Number? Dec(JsonElement source, string name) => OracleJson.Decimal(Get(source, name, JsonValueKind.String));
}
