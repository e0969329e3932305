using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>Reads the members of a payload by name and JSON type; what it does not know it passes over.</summary>
internal static class BinanceFieldReader
{
    // Names of two letters, packed; one letter is its own value.
    public const int Ap = ('a' << 8) | 'p';
    private const int St = ('s' << 8) | 't';
    private const int Pu = ('p' << 8) | 'u';

    // Names of spot's partial book and of REST's snapshot.
    private const int LongName = -1;

    /// <summary>Reads the members of the object whose start was read last, and its end.</summary>
    public static void ReadPayload(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref json, symbols, ref fields);
        }
    }

    /// <summary>Reads the value of the member whose name was read last.</summary>
    public static void ReadField(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        var name = NameOf(ref json);
        if (name == LongName)
        {
            ReadLongNamed(ref json, ref fields);
            return;
        }

        json.Read();
        if (name == 'e' && json.TokenType != JsonTokenType.String)
        {
            // An event's name is text; anything else is some other protocol's.
            fields.Event = BinanceEvent.Other;
            json.TrySkip();
            return;
        }

        switch (json.TokenType)
        {
            case JsonTokenType.String:
                ReadText(ref json, name, symbols, ref fields);
                break;
            case JsonTokenType.Number:
                ReadInteger(ref json, name, ref fields);
                break;
            case JsonTokenType.True or JsonTokenType.False when name == 'm':
                fields.BuyerIsMaker = json.GetBoolean();
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                ReadNested(ref json, name, ref fields);
                break;
        }
    }

    /// <summary>The name read last: a letter, two letters packed, or -1 for a longer one.</summary>
    public static int NameOf(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Pack(json.ValueSpan);
        }

        // Two letters written as escapes have twelve bytes.
        Span<byte> plain = stackalloc byte[12];
        return json.ValueSpan.Length <= plain.Length ? Pack(plain[..json.CopyString(plain)]) : LongName;
    }

    /// <summary>Names outside ASCII may come as UTF-8 or as <c>\u</c> escapes; both are the same symbol.</summary>
    public static int FindSymbol(ref Utf8JsonReader json, SymbolTable symbols)
    {
        if (!json.ValueIsEscaped)
        {
            return symbols.Find(json.ValueSpan);
        }

        Span<byte> plain = stackalloc byte[128];
        return json.ValueSpan.Length <= plain.Length ? symbols.Find(plain[..json.CopyString(plain)]) : -1;
    }

    public static long? ReadInteger(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value))
        {
            return value;
        }

        json.TrySkip();
        return null;
    }

    public static Number? ReadNumber(ref Utf8JsonReader json) => JsonValues.ReadNumber(ref json);

    private static int Pack(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0],
        2 => (name[0] << 8) | name[1],
        _ => LongName,
    };

    /// <summary>A sum over many trades, which may have more digits than a price.</summary>
    public static WideNumber? ReadTotal(ref Utf8JsonReader json, out Number? narrow)
    {
        narrow = ReadNumber(ref json);
        if (narrow is { } number)
        {
            return number;
        }

        return json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && WideNumber.TryParse(json.ValueSpan, out var total) ? total : null;
    }

    private static void ReadText(ref Utf8JsonReader json, int name, SymbolTable symbols, ref BinanceFields fields)
    {
        switch (name)
        {
            case 'e':
                fields.Event = EventOf(ref json);
                break;
            case 's':
                fields.HasSymbol = true;
                fields.Symbol = FindSymbol(ref json, symbols);
                break;
            case 'X':
                fields.IsOffMarket = !json.ValueTextEquals("MARKET"u8);
                break;
            case 'p':
                fields.Price = ReadNumber(ref json);
                break;
            case 'q':
                fields.Turnover = ReadTotal(ref json, out fields.Quantity);
                break;
            case 'b':
                fields.Bid = ReadNumber(ref json);
                break;
            case 'B':
                fields.BidQuantity = ReadNumber(ref json);
                break;
            case 'a':
                fields.Ask = ReadNumber(ref json);
                break;
            case 'A':
                fields.AskQuantity = ReadNumber(ref json);
                break;
            case 'o':
                fields.Open = ReadNumber(ref json);
                break;
            case 'h':
                fields.High = ReadNumber(ref json);
                break;
            case 'l':
                fields.Low = ReadNumber(ref json);
                break;
            case 'c':
                fields.Close = ReadNumber(ref json);
                break;
            case 'v':
                fields.Volume = ReadTotal(ref json, out _);
                break;
            case 'Q':
                fields.LastQuantity = ReadNumber(ref json);
                break;
            case 'i':
                fields.Index = ReadNumber(ref json);
                break;
            case 'r':
                fields.Rate = ReadNumber(ref json);
                break;
        }
    }

    private static void ReadInteger(ref Utf8JsonReader json, int name, ref BinanceFields fields)
    {
        switch (name)
        {
            case 't':
                fields.TradeId = ReadInteger(ref json);
                break;
            case 'a':
                fields.NumberA = ReadInteger(ref json);
                break;
            case 'E':
                fields.EventTime = ReadInteger(ref json);
                break;
            case 'T':
                fields.TradeTime = ReadInteger(ref json);
                break;
            case 'U':
                fields.FirstUpdateId = ReadInteger(ref json);
                break;
            case 'u':
                fields.UpdateId = ReadInteger(ref json);
                break;
            case Pu:
                fields.PreviousUpdateId = ReadInteger(ref json);
                break;
            case 'f':
                fields.FirstId = ReadInteger(ref json);
                break;
            case 'l':
                fields.LastId = ReadInteger(ref json);
                break;
            case St:
                fields.IsCoinMargined = ReadInteger(ref json) == 2;
                break;
        }
    }

    private static void ReadNested(ref Utf8JsonReader json, int name, ref BinanceFields fields)
    {
        var isArray = json.TokenType == JsonTokenType.StartArray;
        var at = (int)json.TokenStartIndex;
        switch (name)
        {
            case 'b' when isArray:
                fields.BidsAt = at;
                break;
            case 'a' when isArray:
                fields.AsksAt = at;
                break;
            case 'k' when !isArray:
                fields.KlineAt = at;
                break;
            case 'o' when !isArray:
                fields.OrderAt = at;
                break;
        }

        json.TrySkip();
    }

    private static void ReadLongNamed(ref Utf8JsonReader json, ref BinanceFields fields)
    {
        if (json.ValueTextEquals("lastUpdateId"u8))
        {
            json.Read();
            fields.LastUpdateId = ReadInteger(ref json);
            return;
        }

        var isBids = json.ValueTextEquals("bids"u8);
        var isAsks = json.ValueTextEquals("asks"u8);
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray && isBids)
        {
            fields.WholeBidsAt = (int)json.TokenStartIndex;
        }
        else if (json.TokenType == JsonTokenType.StartArray && isAsks)
        {
            fields.WholeAsksAt = (int)json.TokenStartIndex;
        }

        json.TrySkip();
    }

    private static BinanceEvent EventOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("trade"u8) ? BinanceEvent.Trade
        : json.ValueTextEquals("aggTrade"u8) ? BinanceEvent.AggregateTrade
        : json.ValueTextEquals("bookTicker"u8) ? BinanceEvent.BookTicker
        : json.ValueTextEquals("depthUpdate"u8) ? BinanceEvent.DepthUpdate
        : json.ValueTextEquals("kline"u8) ? BinanceEvent.Kline
        : json.ValueTextEquals("24hrTicker"u8) ? BinanceEvent.Ticker
        : json.ValueTextEquals("markPriceUpdate"u8) ? BinanceEvent.MarkPrice
        : json.ValueTextEquals("forceOrder"u8) ? BinanceEvent.Liquidation
        : json.ValueTextEquals("serverShutdown"u8) ? BinanceEvent.ServerShutdown
        : BinanceEvent.Other;
}
