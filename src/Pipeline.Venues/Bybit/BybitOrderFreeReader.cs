using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Reads a frame whatever the order of its members, passing over those it does not know. The authority on what a frame means: the
/// predictive reader only ever answers as this one would.
/// </summary>
internal static class BybitOrderFreeReader
{
    /// <summary>Null when the frame was taken whole, else the reason why it is a dead letter.</summary>
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
        var json = new Utf8JsonReader(frame);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return DeadLetterReason.Malformed;
        }

        var message = new BybitMessage { DataAt = -1 };
        ReadMessage(ref json, symbols, ref message);

        // The whole frame is read before a row is taken from it: one that breaks off adds nothing.
        if (json.Read() || !System.Text.Unicode.Utf8.IsValid(frame))
        {
            return DeadLetterReason.Malformed;
        }

        if (!message.HasTopic)
        {
            into.ControlFrames += message.IsControl ? 1 : 0;
            return message.IsControl ? null : DeadLetterReason.UnknownEvent;
        }

        if (message.Channel == BybitChannel.Other || (message.Channel == BybitChannel.Kline && message.Interval is null))
        {
            return DeadLetterReason.UnknownEvent;
        }

        return message.Symbol < 0 ? DeadLetterReason.UnknownSymbol
            : message.DataAt < 0 ? DeadLetterReason.WrongShape
            : ReadData(frame[message.DataAt..], message, into);
    }

    private static void ReadMessage(ref Utf8JsonReader json, SymbolTable symbols, ref BybitMessage message)
    {
        Span<byte> buffer = stackalloc byte[128];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("topic"u8))
            {
                json.Read();
                message.SetTopic(JsonValues.Text(json, buffer), symbols);
                json.Skip();
            }
            else if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                message.SetType(JsonValues.Text(json, buffer));
                json.Skip();
            }
            else if (json.ValueTextEquals("ts"u8))
            {
                json.Read();
                message.Time = JsonValues.ReadInteger(ref json);
            }
            else if (json.ValueTextEquals("cts"u8))
            {
                json.Read();
                message.EngineTime = JsonValues.ReadInteger(ref json);
            }
            else if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                message.DataAt = (int)json.TokenStartIndex;
                json.Skip();
            }
            else
            {
                message.IsControl |= json.ValueTextEquals("success"u8) || json.ValueTextEquals("op"u8);
                json.Read();
                json.Skip();
            }
        }
    }

    private static string? ReadData(ReadOnlySpan<byte> data, in BybitMessage message, VenueBatch into) => message.Channel switch
    {
        BybitChannel.Trade => BybitDataReader.AddTrades(data, message, into),
        BybitChannel.Kline => BybitDataReader.AddKlines(data, message, into),
        BybitChannel.Ticker => BybitDataReader.AddTicker(data, message, into),
        _ => BybitDataReader.AddBook(data, message, into),
    };
}
