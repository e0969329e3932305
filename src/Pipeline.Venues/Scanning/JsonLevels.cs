using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Scanning;

/// <summary>Book levels <c>[["price","quantity"],…]</c>; members beyond the second are passed over.</summary>
internal static class JsonLevels
{
    /// <summary>Reads the array at the start of <paramref name="json"/>; false when a level is not two decimals.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, ValueList<BookLevel> into, out int count)
    {
        count = 0;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            if (!TryReadNumber(ref reader, out var price) || !TryReadNumber(ref reader, out var quantity))
            {
                return false;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!reader.TrySkip())
                {
                    return false;
                }
            }

            into.Add(new BookLevel(price, quantity));
            count++;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryReadNumber(ref Utf8JsonReader reader, out Number number)
    {
        number = default;
        return reader.Read()
            && reader.TokenType == JsonTokenType.String
            && Number.TryParse(reader.ValueSpan, out number)
            && number.Mantissa >= 0;
    }
}
