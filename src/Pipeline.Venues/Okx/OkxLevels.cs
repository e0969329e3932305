using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>Book levels <c>[["price","quantity","0","orders"],…]</c>; members beyond the second are passed over.</summary>
internal static class OkxLevels
{
    /// <summary>
    /// Reads the array at which the reader stands, to its end in any case; -1 when a level does not begin with two decimals, and then
    /// <paramref name="into"/> is as before.
    /// </summary>
    public static int Read(ref Utf8JsonReader json, ValueList<BookLevel> into)
    {
        var first = into.Count;
        var depth = json.CurrentDepth;
        var isWrong = false;
        while (json.Read() && json.CurrentDepth > depth)
        {
            isWrong |= !TryReadLevel(ref json, into);
        }

        if (isWrong)
        {
            into.Truncate(first);
        }

        return isWrong ? -1 : into.Count - first;
    }

    private static bool TryReadLevel(ref Utf8JsonReader json, ValueList<BookLevel> into)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }

        var depth = json.CurrentDepth;
        var members = 0;
        var price = default(Number);
        var quantity = default(Number);
        var isWell = true;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (members == 0)
            {
                isWell &= TryReadNumber(ref json, out price);
            }
            else if (members == 1)
            {
                isWell &= TryReadNumber(ref json, out quantity);
            }

            members++;
            json.Skip();
        }

        if (!isWell || members < 2)
        {
            return false;
        }

        into.Add(new BookLevel(price, quantity));
        return true;
    }

    private static bool TryReadNumber(ref Utf8JsonReader json, out Number number)
    {
        number = default;
        return json.TokenType == JsonTokenType.String && Number.TryParse(json.ValueSpan, out number) && number.Mantissa >= 0;
    }
}
