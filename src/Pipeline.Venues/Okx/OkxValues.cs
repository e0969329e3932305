using System.Buffers.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Values as OKX writes them: everything numeric is text but the sequence ids, and empty text (or null) says nothing. Each method leaves
/// the reader at the value's end and sets <c>isWrong</c> when the value is neither of its kind nor empty.
/// </summary>
internal static class OkxValues
{
    public static Number? ReadNumber(ref Utf8JsonReader json, ref bool isWrong)
    {
        if (json.TokenType == JsonTokenType.String && Number.TryParse(json.ValueSpan, out var number))
        {
            return number;
        }

        isWrong |= !SaysNothing(ref json);
        return null;
    }

    /// <summary>A sum over many trades, which may have more digits than a price.</summary>
    public static WideNumber? ReadTotal(ref Utf8JsonReader json, ref bool isWrong)
    {
        if (json.TokenType == JsonTokenType.String && WideNumber.TryParse(json.ValueSpan, out var number))
        {
            return number;
        }

        isWrong |= !SaysNothing(ref json);
        return null;
    }

    public static long? ReadInteger(ref Utf8JsonReader json, ref bool isWrong)
    {
        if (json.TokenType == JsonTokenType.String
            && Utf8Parser.TryParse(json.ValueSpan, out long value, out var read) && read == json.ValueSpan.Length && json.ValueSpan[0] != (byte)'+')
        {
            return value;
        }

        isWrong |= !SaysNothing(ref json);
        return null;
    }

    /// <summary>A sequence id, which is a JSON number.</summary>
    public static long? ReadSequenceId(ref Utf8JsonReader json, ref bool isWrong)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value))
        {
            return value;
        }

        isWrong |= !SaysNothing(ref json);
        return null;
    }

    public static AggressorSide? ReadSide(ref Utf8JsonReader json, ref bool isWrong)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueSpan.SequenceEqual("buy"u8))
            {
                return AggressorSide.Buy;
            }

            if (json.ValueSpan.SequenceEqual("sell"u8))
            {
                return AggressorSide.Sell;
            }
        }

        isWrong |= !SaysNothing(ref json);
        return AggressorSide.Unknown;
    }

    /// <summary>The number of the symbol at which the reader stands; names may come as UTF-8 or with escapes.</summary>
    public static int ReadSymbol(ref Utf8JsonReader json, SymbolTable symbols)
    {
        if (!json.ValueIsEscaped)
        {
            return symbols.Find(json.ValueSpan);
        }

        Span<byte> plain = stackalloc byte[128];
        return json.ValueSpan.Length <= plain.Length ? symbols.Find(plain[..json.CopyString(plain)]) : -1;
    }

    private static bool SaysNothing(ref Utf8JsonReader json)
    {
        var isEmpty = json.TokenType == JsonTokenType.Null || (json.TokenType == JsonTokenType.String && json.ValueSpan.IsEmpty);
        json.Skip();
        return isEmpty;
    }
}
