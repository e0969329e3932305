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
    /// <summary>A JSON number, or the same digits as text: venues change between the two.</summary>
    public static long? ReadInteger(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number when json.TryGetInt64(out var value):
                return value;
            case JsonTokenType.String when !json.ValueIsEscaped
                && Utf8Parser.TryParse(json.ValueSpan, out long value, out var length) && length == json.ValueSpan.Length:
                return value;
            default:
                json.TrySkip();
                return null;
        }
    }

    /// <summary>An exact decimal in quotes.</summary>
    public static Number? ReadNumber(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && Number.TryParse(json.ValueSpan, out var number))
        {
            return number;
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
}
