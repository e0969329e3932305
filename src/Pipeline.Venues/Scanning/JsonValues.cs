using System.Buffers.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Scanning;

/// <summary>
/// Single values for order-free readers. Each takes the value the reader stands on, whatever it is: one of another type is passed over
/// and read as null.
/// </summary>
internal static class JsonValues
{
    /// <summary>Room for a number of which every character is written as an escape of six bytes.</summary>
    private const int LongestEscaped = 256;

    /// <summary>A JSON number, or the same digits as text: venues change between the two.</summary>
    public static long? ReadInteger(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number when json.TryGetInt64(out var value):
                return value;
            case JsonTokenType.String:
                Span<byte> buffer = stackalloc byte[LongestEscaped];
                var text = Text(json, buffer);
                return Utf8Parser.TryParse(text, out long integer, out var length) && length == text.Length && text[0] != (byte)'+' ? integer : null;
            default:
                json.TrySkip();
                return null;
        }
    }

    /// <summary>An exact decimal in quotes.</summary>
    public static Number? ReadNumber(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.ValueIsEscaped ? ReadEscapedNumber(json) : Number.TryParse(json.ValueSpan, out var number) ? number : null;
        }

        json.TrySkip();
        return null;
    }

    /// <summary>A sum over many trades, in quotes, which may have more digits than a price.</summary>
    public static WideNumber? ReadTotal(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && WideNumber.TryParse(json.ValueSpan, out var number))
        {
            return number;
        }

        json.TrySkip();
        return null;
    }

    public static bool? ReadBoolean(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return json.GetBoolean();
        }

        json.TrySkip();
        return null;
    }

    /// <summary>The name read last when it is one letter, else 0; no venue writes names with escapes, but JSON allows it.</summary>
    public static byte Letter(in Utf8JsonReader json)
    {
        Span<byte> buffer = stackalloc byte[6];
        var name = json.ValueIsEscaped && json.ValueSpan.Length <= buffer.Length ? buffer[..json.CopyString(buffer)] : json.ValueSpan;
        return name.Length == 1 ? name[0] : (byte)0;
    }

    /// <summary>
    /// Text in plain form: the frame's own bytes, or <paramref name="buffer"/> when escapes had to be resolved. Empty when it is no text,
    /// or escaped and longer than the buffer. The caller passes over what is no text.
    /// </summary>
    public static ReadOnlySpan<byte> Text(in Utf8JsonReader json, Span<byte> buffer)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return default;
        }

        if (!json.ValueIsEscaped)
        {
            return json.ValueSpan;
        }

        return json.ValueSpan.Length <= buffer.Length ? buffer[..json.CopyString(buffer)] : default;
    }

    private static Number? ReadEscapedNumber(in Utf8JsonReader json)
    {
        Span<byte> buffer = stackalloc byte[LongestEscaped];
        return Number.TryParse(Text(json, buffer), out var number) ? number : null;
    }
}
