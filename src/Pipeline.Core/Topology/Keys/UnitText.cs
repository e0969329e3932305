using System.Buffers;
using System.Globalization;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A number with a unit, such as <c>250ms</c> or <c>8MiB</c>, as a whole number of the smallest unit.</summary>
/// <param name="units">Names and factors, smallest first.</param>
internal sealed class UnitText(IReadOnlyList<(string Name, long Factor)> units)
{
    // Enough for any bound there is, and far from the end of decimal when multiplied.
    private const int MaxDigits = 12;

    private static readonly SearchValues<char> NumberParts = SearchValues.Create("0123456789.");

    public string Pattern => $@"^[0-9]+(\.[0-9]+)?({string.Join('|', units.Select(unit => unit.Name))})$";

    /// <summary>False when the text is no number with a known unit, or not a whole number of the smallest one.</summary>
    public bool TryParse(string text, out long value)
    {
        value = 0;
        var split = text.AsSpan().IndexOfAnyExcept(NumberParts);
        if (split < 1 || split > MaxDigits)
        {
            return false;
        }

        var factor = units.FirstOrDefault(unit => text.AsSpan(split).SequenceEqual(unit.Name)).Factor;
        if (factor == 0
            || !char.IsAsciiDigit(text[0])
            || !char.IsAsciiDigit(text[split - 1])
            || !decimal.TryParse(text.AsSpan(0, split), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var exact = number * factor;
        if (exact > long.MaxValue || exact != decimal.Truncate(exact))
        {
            return false;
        }

        value = (long)exact;
        return true;
    }

    /// <summary>In the largest unit that needs no fraction.</summary>
    public string Format(long value, string zeroUnit)
    {
        if (value == 0)
        {
            return "0" + zeroUnit;
        }

        var (name, factor) = units.LastOrDefault(unit => value % unit.Factor == 0, units[0]);
        return value % factor == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{value / factor}{name}")
            : string.Create(CultureInfo.InvariantCulture, $"{(decimal)value / factor}{name}");
    }
}
