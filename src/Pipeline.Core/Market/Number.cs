using System.Runtime.CompilerServices;

namespace Pipeline.Core.Market;

/// <summary>
/// An exact decimal: <c>Mantissa × 10^-Scale</c>. Always normalised (no trailing zeros after the point, zero has scale 0),
/// so that record equality is equality of value. Holds every value of up to 18 significant digits and <see cref="MaxScale"/> decimals.
/// </summary>
public readonly record struct Number : IComparable<Number>
{
    /// <summary>Most decimals a number may have: on-chain prices reach far below 10^-18.</summary>
    public const int MaxScale = 36;

    /// <summary>Longest text <see cref="TryFormat"/> writes: sign, digits, point and the zeros in front.</summary>
    public const int MaxLength = 40;

    private const int MaxDigits = 18;

    public static readonly Number Zero;

    /// <summary>Takes mantissa and scale as they are and normalises them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative or above <see cref="MaxScale"/>.</exception>
    public Number(long mantissa, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, MaxScale);
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }

        Mantissa = mantissa;
        Scale = (byte)scale;
    }

    private Number(long mantissa, byte scale)
    {
        Mantissa = mantissa;
        Scale = scale;
    }

    public long Mantissa { get; }

    public byte Scale { get; }

    public bool IsPositive => Mantissa > 0;

    public static bool operator <(Number left, Number right) => left.CompareTo(right) < 0;

    public static bool operator >(Number left, Number right) => left.CompareTo(right) > 0;

    public static bool operator <=(Number left, Number right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Number left, Number right) => left.CompareTo(right) >= 0;

    /// <summary>For parsers that have already trimmed trailing zeros; the caller vouches for the normal form.</summary>
    public static Number FromNormalized(long mantissa, int scale) => new(mantissa, (byte)scale);

    /// <summary>
    /// Reads decimal text as venues write it: an optional minus, digits, optionally a point and digits. No exponent, no blanks.
    /// False when the text is not such a number or does not fit exactly.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Number number)
    {
        number = default;
        var negative = text.Length > 0 && text[0] == (byte)'-';
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty))
        {
            return false;
        }

        // Every character is checked before zeros are trimmed: trimming must not hide rubbish behind it.
        if (whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        whole = whole.TrimStart((byte)'0');
        fraction = fraction.TrimEnd((byte)'0');
        if (fraction.Length > MaxScale || !TryReadDigits(whole, fraction, out var mantissa))
        {
            return false;
        }

        number = new Number(negative ? -mantissa : mantissa, (byte)(mantissa == 0 ? 0 : fraction.Length));
        return true;
    }

    public static bool TryParse(string text, out Number number)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> utf8 = stackalloc byte[64];
        number = default;
        return System.Text.Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out number);
    }

    /// <exception cref="FormatException">The text is not an exact decimal of up to 18 digits.</exception>
    public static Number Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException($"'{text}' is not a decimal number of up to {MaxDigits} digits.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareTo(Number other) =>
        Scale == other.Scale ? Mantissa.CompareTo(other.Mantissa) : WideNumber.From(this).CompareTo(WideNumber.From(other));

    /// <summary>Writes the shortest exact decimal text; <paramref name="target"/> needs <see cref="MaxLength"/> bytes at most.</summary>
    public bool TryFormat(Span<byte> target, out int written) => DecimalText.TryFormat(Mantissa, Scale, target, out written);

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxLength];
        TryFormat(text, out var written);
        return System.Text.Encoding.ASCII.GetString(text[..written]);
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, out long mantissa)
    {
        mantissa = 0;
        var significant = whole.IsEmpty ? fraction.TrimStart((byte)'0').Length : whole.Length + fraction.Length;
        if (significant > MaxDigits)
        {
            return false;
        }

        foreach (var c in whole)
        {
            mantissa = (mantissa * 10) + (c - '0');
        }

        foreach (var c in fraction)
        {
            mantissa = (mantissa * 10) + (c - '0');
        }

        return true;
    }
}
