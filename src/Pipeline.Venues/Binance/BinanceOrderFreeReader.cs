using System.Text.Json;
using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads a frame whatever the order of its fields, passing over fields it does not know. The authority on what a frame means: the
/// predictive reader only ever answers as this one would.
/// </summary>
internal static class BinanceOrderFreeReader
{
    /// <summary>Null when the frame was taken, else the reason why it is a dead letter.</summary>
    public static string? Read<TMarket>(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        try
        {
            return ReadFrame<TMarket>(frame, symbols, into);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // JsonException: no JSON, too deep, or invalid UTF-8 in a name or text that was looked at.
            return DeadLetterReason.Malformed;
        }
    }

    /// <summary>Keeps what a stream's name alone tells.</summary>
    public static void NoteStream(scoped ReadOnlySpan<byte> name, SymbolTable symbols, ref BinanceFields fields)
    {
        fields.IsPartialBook = BinanceStreamName.IsPartialBook(name);
        fields.StreamSymbol = fields.IsPartialBook ? BinanceStreamName.FindSymbol(name, symbols) : -1;
    }

    private static string? ReadFrame<TMarket>(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        var fields = BinanceFields.None;
        var json = new Utf8JsonReader(frame);
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
        {
            ReadRoot(ref json, symbols, ref fields);
        }
        else if (json.TokenType == JsonTokenType.StartArray)
        {
            fields.RowsAt = (int)json.TokenStartIndex;
            json.Skip();
        }
        else
        {
            return DeadLetterReason.Malformed;
        }

        if (json.Read() || !System.Text.Unicode.Utf8.IsValid(frame))
        {
            return DeadLetterReason.Malformed;
        }

        if (fields.IsReply || fields.Event == BinanceEvent.ServerShutdown)
        {
            into.ControlFrames++;
            return null;
        }

        return fields.RowsAt >= 0 ? AddRows<TMarket>(frame[fields.RowsAt..], symbols, into) : TMarket.Add(frame, fields, symbols, into);
    }

    /// <summary>The payload may be the root itself or its member <c>data</c>; answers to requests are never wrapped.</summary>
    private static void ReadRoot(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        var hasCode = false;
        var hasMessage = false;
        var rowsAt = -1;
        var payload = BinanceFields.None;
        var isWrapped = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                isWrapped = json.TokenType == JsonTokenType.StartObject;
                if (isWrapped)
                {
                    payload = BinanceFields.None;
                    rowsAt = -1;
                    BinanceFieldReader.ReadPayload(ref json, symbols, ref payload);
                }
                else
                {
                    rowsAt = json.TokenType == JsonTokenType.StartArray ? (int)json.TokenStartIndex : -1;
                    json.Skip();
                }
            }
            else if (json.ValueTextEquals("stream"u8))
            {
                json.Read();
                ReadStream(ref json, symbols, ref fields);
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
                BinanceFieldReader.ReadField(ref json, symbols, ref fields);
            }
        }

        fields.IsReply |= hasCode && hasMessage;
        if (isWrapped)
        {
            // What stands beside the payload is no part of it.
            payload.IsReply = fields.IsReply;
            payload.HasStream = fields.HasStream;
            payload.IsPartialBook = fields.IsPartialBook;
            payload.StreamSymbol = fields.StreamSymbol;
            fields = payload;
        }

        // Other protocols have arrays named data too; without a stream's name it is none of Binance's.
        fields.RowsAt = fields.HasStream ? rowsAt : -1;
    }

    private static void ReadStream(ref Utf8JsonReader json, SymbolTable symbols, ref BinanceFields fields)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }

        fields.HasStream = true;
        if (!json.ValueIsEscaped)
        {
            NoteStream(json.ValueSpan, symbols, ref fields);
            return;
        }

        Span<byte> plain = stackalloc byte[256];
        if (json.ValueSpan.Length <= plain.Length)
        {
            NoteStream(plain[..json.CopyString(plain)], symbols, ref fields);
        }
    }

    /// <summary>
    /// Rows of a stream over all symbols: those nobody asked for are counted, and one that is not understood is a dead letter by itself.
    /// </summary>
    private static string? AddRows<TMarket>(ReadOnlySpan<byte> rows, SymbolTable symbols, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        var json = new Utf8JsonReader(rows, isFinalBlock: false, state: default);
        json.Read();
        var isEmpty = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            var fields = BinanceFields.None;
            var isObject = json.TokenType == JsonTokenType.StartObject;
            if (isEmpty && !isObject)
            {
                return DeadLetterReason.Malformed;
            }

            isEmpty = false;

            if (isObject)
            {
                BinanceFieldReader.ReadPayload(ref json, symbols, ref fields);
            }
            else
            {
                json.TrySkip();
            }

            var reason = isObject ? TMarket.Add(rows, fields, symbols, into) : DeadLetterReason.Malformed;
            if (reason == DeadLetterReason.UnknownSymbol)
            {
                into.Unwanted++;
            }
            else if (reason is not null)
            {
                var row = rows[start..(int)json.BytesConsumed];
                into.AddDeadLetter(reason, row, row.Length);
            }
        }

        return isEmpty ? DeadLetterReason.WrongShape : null;
    }

    private static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
