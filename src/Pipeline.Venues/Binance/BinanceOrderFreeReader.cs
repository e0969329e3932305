using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads a frame whatever the order of its fields, passing over fields it does not know. The authority on what a frame means: the
/// predictive reader only ever answers as this one would.
/// </summary>
internal static class BinanceOrderFreeReader
{
    /// <summary>Null when the frame was taken, else the reason why it is a dead letter.</summary>
    public static string? Read(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        try
        {
            return ReadFrame(frame, symbols, into);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // JsonException: no JSON, too deep, or invalid UTF-8 in a name or text that was looked at.
            return DeadLetterReason.Malformed;
        }
    }

    private static string? ReadFrame(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var fields = BinanceFields.None;
        var json = new Utf8JsonReader(frame);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return DeadLetterReason.Malformed;
        }

        ReadRoot(ref json, symbols, ref fields);
        if (json.Read() || !System.Text.Unicode.Utf8.IsValid(frame))
        {
            return DeadLetterReason.Malformed;
        }

        if (fields.IsReply || fields.Event == BinanceEvent.ServerShutdown)
        {
            into.ControlFrames++;
            return null;
        }

        return fields.Event switch
        {
            BinanceEvent.Trade => AddTrade(fields, into),
            BinanceEvent.AggregateTrade => AddAggregateTrade(fields, into),
            BinanceEvent.BookTicker => AddQuote(fields, into),
            BinanceEvent.DepthUpdate => AddDepth(frame, fields, into),
            BinanceEvent.Kline => BinanceKlineReader.Add(frame, fields, symbols, into),
            BinanceEvent.None when fields.Bid is not null || fields.Ask is not null => AddQuote(fields, into),
            _ => DeadLetterReason.UnknownEvent,
        };
    }

    /// <summary>The payload may be the root itself or its member <c>data</c>; answers to requests are never wrapped.</summary>
    private static void ReadRoot(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        var hasCode = false;
        var hasMessage = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    ReadPayload(ref json, symbols, ref fields);
                }
                else
                {
                    json.Skip();
                }
            }
            else if (json.ValueTextEquals("result"u8) || json.ValueTextEquals("error"u8))
            {
                fields.IsReply = true;
                Pass(ref json);
            }
            else if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                hasCode = json.TokenType == JsonTokenType.Number;
                json.Skip();
            }
            else if (json.ValueTextEquals("msg"u8))
            {
                hasMessage = true;
                Pass(ref json);
            }
            else
            {
                ReadField(ref json, symbols, ref fields);
            }
        }

        fields.IsReply |= hasCode && hasMessage;
    }

    private static void ReadPayload(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref json, symbols, ref fields);
        }
    }

    private static void ReadField(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        var name = json.HasValueSequence || json.ValueIsEscaped || json.ValueSpan.Length != 1 ? (byte)0 : json.ValueSpan[0];
        json.Read();
        switch (name)
        {
            case (byte)'e':
                fields.Event = ReadEvent(ref json);
                break;
            case (byte)'s':
                ReadSymbol(ref json, symbols, ref fields);
                break;
            case (byte)'t':
                fields.TradeId = ReadInteger(ref json);
                break;
            case (byte)'E':
                fields.EventTime = ReadInteger(ref json);
                break;
            case (byte)'T':
                fields.TradeTime = ReadInteger(ref json);
                break;
            case (byte)'U':
                fields.FirstUpdateId = ReadInteger(ref json);
                break;
            case (byte)'u':
                fields.UpdateId = ReadInteger(ref json);
                break;
            case (byte)'f':
                fields.FirstId = ReadInteger(ref json);
                break;
            case (byte)'l':
                fields.LastId = ReadInteger(ref json);
                break;
            case (byte)'p':
                fields.Price = ReadNumber(ref json);
                break;
            case (byte)'q':
                fields.Quantity = ReadNumber(ref json);
                break;
            case (byte)'B':
                fields.BidQuantity = ReadNumber(ref json);
                break;
            case (byte)'A':
                fields.AskQuantity = ReadNumber(ref json);
                break;
            case (byte)'m' when json.TokenType is JsonTokenType.True or JsonTokenType.False:
                fields.BuyerIsMaker = json.GetBoolean();
                break;
            case (byte)'k' when json.TokenType == JsonTokenType.StartObject:
                fields.KlineAt = (int)json.TokenStartIndex;
                json.Skip();
                break;
            case (byte)'a' or (byte)'b':
                ReadSide(ref json, name == (byte)'b', ref fields);
                break;
            default:
                json.Skip();
                break;
        }
    }

    private static void ReadSide(ref Utf8JsonReader json, bool bid, ref BinanceFields fields)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String when bid:
                fields.Bid = ReadNumber(ref json);
                break;
            case JsonTokenType.String:
                fields.Ask = ReadNumber(ref json);
                break;
            case JsonTokenType.Number when !bid:
                fields.NumberA = ReadInteger(ref json);
                break;
            case JsonTokenType.StartArray when bid:
                fields.BidsAt = (int)json.TokenStartIndex;
                json.Skip();
                break;
            case JsonTokenType.StartArray:
                fields.AsksAt = (int)json.TokenStartIndex;
                json.Skip();
                break;
            default:
                json.Skip();
                break;
        }
    }

    private static BinanceEvent ReadEvent(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return BinanceEvent.Other;
        }

        return json.ValueTextEquals("trade"u8) ? BinanceEvent.Trade
            : json.ValueTextEquals("aggTrade"u8) ? BinanceEvent.AggregateTrade
            : json.ValueTextEquals("bookTicker"u8) ? BinanceEvent.BookTicker
            : json.ValueTextEquals("depthUpdate"u8) ? BinanceEvent.DepthUpdate
            : json.ValueTextEquals("kline"u8) ? BinanceEvent.Kline
            : json.ValueTextEquals("serverShutdown"u8) ? BinanceEvent.ServerShutdown
            : BinanceEvent.Other;
    }

    private static void ReadSymbol(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }

        fields.HasSymbol = true;
        fields.Symbol = FindSymbol(ref json, symbols);
    }

    /// <summary>Names outside ASCII may come as UTF-8 or as <c>\u</c> escapes; both are the same symbol.</summary>
    internal static int FindSymbol(ref Utf8JsonReader json, SymbolTable symbols)
    {
        if (!json.ValueIsEscaped)
        {
            return symbols.Find(json.ValueSpan);
        }

        Span<byte> plain = stackalloc byte[128];
        return json.ValueSpan.Length <= plain.Length ? symbols.Find(plain[..json.CopyString(plain)]) : -1;
    }

    internal static long? ReadInteger(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value))
        {
            return value;
        }

        json.TrySkip();
        return null;
    }

    internal static Number? ReadNumber(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && Number.TryParse(json.ValueSpan, out var number))
        {
            return number;
        }

        json.TrySkip();
        return null;
    }

    private static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static string? AddTrade(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, TradeId: { } id, Price: { } price, Quantity: { } quantity, TradeTime: { } time, BuyerIsMaker: { } maker })
        {
            return DeadLetterReason.WrongShape;
        }

        return Check(fields, price, quantity, id, time) ?? Add(into, new VenueTrade(fields.Symbol, id, id, price, quantity, SideOf(maker), 1, TradeKind.Market, time));
    }

    private static string? AddAggregateTrade(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, NumberA: { } id, Price: { } price, Quantity: { } quantity, TradeTime: { } time, BuyerIsMaker: { } maker }
            || fields.FirstId is not { } first || fields.LastId is not { } last)
        {
            return DeadLetterReason.WrongShape;
        }

        var fills = last - first + 1;
        return fills is < 1 or > int.MaxValue
            ? DeadLetterReason.ImpossibleValue
            : Check(fields, price, quantity, id, time) ?? Add(into, new VenueTrade(fields.Symbol, id, id, price, quantity, SideOf(maker), (int)fills, TradeKind.Market, time));
    }

    private static string? AddQuote(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not
            {
                HasSymbol: true, UpdateId: { } updateId, Bid: { } bid, BidQuantity: { } bidQuantity, Ask: { } ask, AskQuantity: { } askQuantity,
            })
        {
            return fields.Event == BinanceEvent.None && !fields.HasSymbol ? DeadLetterReason.UnknownEvent : DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (updateId < 0 || !BinanceTime.IsPossible(fields.EventTime ?? 0) || bid.Mantissa < 0 || ask.Mantissa < 0 || bidQuantity.Mantissa < 0 || askQuantity.Mantissa < 0)
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueQuote(fields.Symbol, updateId, bid, bidQuantity, ask, askQuantity, fields.EventTime ?? 0));
        return null;
    }

    private static string? AddDepth(ReadOnlySpan<byte> frame, in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, FirstUpdateId: { } first, UpdateId: { } last, EventTime: { } time, BidsAt: >= 0, AsksAt: >= 0 })
        {
            return DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (first < 0 || last < first || !BinanceTime.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        var firstLevel = into.Levels.Count;
        if (!BinanceLevels.TryRead(frame[fields.BidsAt..], into.Levels, out var bids)
            || !BinanceLevels.TryRead(frame[fields.AsksAt..], into.Levels, out var asks))
        {
            into.Levels.Truncate(firstLevel);
            return DeadLetterReason.WrongShape;
        }

        into.Add(new VenueBookUpdate(fields.Symbol, BookUpdateKind.Update, first, last, -1, firstLevel, bids, asks, time));
        return null;
    }

    private static string? Check(in BinanceFields fields, Number price, Number quantity, long id, long time)
    {
        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        return price.IsPositive && quantity.IsPositive && id >= 0 && BinanceTime.IsPossible(time) ? null : DeadLetterReason.ImpossibleValue;
    }

    private static string? Add(VenueBatch into, in VenueTrade trade)
    {
        into.Add(trade);
        return null;
    }

    private static AggressorSide SideOf(bool buyerIsMaker) => buyerIsMaker ? AggressorSide.Sell : AggressorSide.Buy;
}
