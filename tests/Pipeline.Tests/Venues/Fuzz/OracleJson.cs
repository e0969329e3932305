using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>Values of a document; null where there is none of the kind asked for.</summary>
internal static class OracleJson
{
    /// <summary>The member of that name; of several the last one, and only of the kinds given, if any are.</summary>
    public static JsonElement? Get(JsonElement source, ReadOnlySpan<byte> name, params ReadOnlySpan<JsonValueKind> kinds)
    {
        JsonElement? found = null;
        if (source.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in source.EnumerateObject())
            {
                if ((kinds.IsEmpty || kinds.Contains(member.Value.ValueKind)) && IsNamed(member, name))
                {
                    found = member.Value;
                }
            }
        }

        return found;
    }

    public static string? Text(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: JSON by its grammar, but no text.
            return null;
        }
    }

    public static long? Integer(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var integer) ? integer : null;

    /// <summary>An optional minus and digits, as text.</summary>
    public static long? TextInteger(JsonElement? value)
    {
        var text = Text(value);
        return text is not null && IsDigits(text.AsSpan(text.StartsWith('-') ? 1 : 0))
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer : null;
    }

    /// <summary>A decimal in quotes: an optional minus, digits, optionally a point and digits; up to 18 significant ones, 36 decimals.</summary>
    public static Number? Decimal(JsonElement? value)
    {
        if (Text(value) is not { } text)
        {
            return null;
        }

        var isNegative = text.StartsWith('-');
        var parts = text[(isNegative ? 1 : 0)..].Split('.');
        if (parts.Length > 2 || !Array.TrueForAll(parts, part => IsDigits(part)))
        {
            return null;
        }

        var fraction = parts.Length == 2 ? parts[1].TrimEnd('0') : "";
        var digits = (parts[0] + fraction).TrimStart('0');
        return digits.Length > 18 || fraction.Length > 36
            ? null
            : new Number((isNegative ? -1 : 1) * (digits.Length == 0 ? 0 : long.Parse(digits, CultureInfo.InvariantCulture)), fraction.Length);
    }

    /// <summary>As <see cref="Decimal"/>, of up to 38 digits and 36 decimals: a sum over many trades.</summary>
    public static WideNumber? Total(JsonElement? value)
    {
        if (Text(value) is not { } text)
        {
            return null;
        }

        var isNegative = text.StartsWith('-');
        var parts = text[(isNegative ? 1 : 0)..].Split('.');
        if (parts.Length > 2 || !Array.TrueForAll(parts, part => IsDigits(part)))
        {
            return null;
        }

        var fraction = parts.Length == 2 ? parts[1].TrimEnd('0') : "";
        var digits = (parts[0] + fraction).TrimStart('0');
        return digits.Length > 38 || fraction.Length > 36
            ? null
            : new WideNumber((isNegative ? -1 : 1) * (digits.Length == 0 ? 0 : Int128.Parse(digits, CultureInfo.InvariantCulture)), fraction.Length);
    }

    /// <summary>As <see cref="Total"/>; null when it is negative.</summary>
    public static WideNumber? Amount(JsonElement? value) => Total(value) is { } total && !Int128.IsNegative(total.Mantissa) ? total : null;

    /// <summary>Levels of which each begins with two decimals that are not negative.</summary>
    public static List<BookLevel>? Levels(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } array)
        {
            return null;
        }

        var levels = new List<BookLevel>();
        foreach (var level in array.EnumerateArray())
        {
            if (level.ValueKind != JsonValueKind.Array || level.GetArrayLength() < 2
                || Decimal(level[0]) is not { Mantissa: >= 0 } price || Decimal(level[1]) is not { Mantissa: >= 0 } quantity)
            {
                return null;
            }

            levels.Add(new BookLevel(price, quantity));
        }

        return levels;
    }

    /// <summary>Whether any object in the document says a name twice.</summary>
    public static bool SaysTwice(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(member => NameOf(member)).GroupBy(name => name, StringComparer.Ordinal).Any(group => group.Count() > 1)
            || element.EnumerateObject().Any(member => SaysTwice(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(SaysTwice),
        _ => false,
    };

    /// <summary>Empty for a name that is no text.</summary>
    public static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsNamed(JsonProperty member, ReadOnlySpan<byte> name)
    {
        try
        {
            return member.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
