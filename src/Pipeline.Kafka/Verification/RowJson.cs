using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Values of JSON properties, in any order and however they are escaped.</summary>
internal static class RowJson
{
    public static bool TryInteger(ref Utf8JsonReader json, out long value)
    {
        value = 0;
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out value);
    }

    public static bool TryNumber(ref Utf8JsonReader json, out Number value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String && Number.TryParse(Text(ref json), out value);
    }

    public static bool TryWide(ref Utf8JsonReader json, out WideNumber value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String && WideNumber.TryParse(Text(ref json), out value);
    }

    /// <summary>A number or null, which is -1.</summary>
    public static bool TryIntegerOrNull(ref Utf8JsonReader json, out long value)
    {
        value = -1;
        return json.TokenType == JsonTokenType.Null || TryInteger(ref json, out value);
    }

    public static bool TryBoolean(ref Utf8JsonReader json, out bool value)
    {
        value = json.TokenType == JsonTokenType.True;
        return json.TokenType is JsonTokenType.True or JsonTokenType.False;
    }

    /// <summary>Which of the names the string is; -1 for none of them.</summary>
    public static int IndexOf(ref Utf8JsonReader json, string[] names)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (json.ValueTextEquals(names[i]))
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Text(ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan;
}
