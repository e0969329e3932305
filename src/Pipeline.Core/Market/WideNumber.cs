namespace Pipeline.Core.Market;

/// <summary>
/// An exact decimal with a 128-bit mantissa, for sums and products of <see cref="Number"/>: candle volumes and turnovers.
/// Normalised like <see cref="Number"/>.
/// </summary>
public readonly record struct WideNumber : IComparable<WideNumber>
{
    /// <summary>Longest text <see cref="TryFormat"/> writes.</summary>
    public const int MaxLength = 80;

    private const int MaxScale = 2 * Number.MaxScale;

    // 10^38 - 1 is the largest row of nines that fits 128 bits.
    private const int MaxDigits = 38;

    public static readonly WideNumber Zero;

    public WideNumber(Int128 mantissa, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, MaxScale);
        Mantissa = mantissa;
        Scale = (byte)scale;
    }

    /// <summary>Value is <c>Mantissa × 10^-Scale</c>; trailing zeros are allowed here and trimmed when formatted or compared.</summary>
    public Int128 Mantissa { get; }

    public byte Scale { get; }

    public static implicit operator WideNumber(Number number) => From(number);

    public static WideNumber From(Number number) => new(number.Mantissa, number.Scale);

    public static WideNumber Multiply(Number left, Number right) => new((Int128)left.Mantissa * right.Mantissa, left.Scale + right.Scale);

    /// <summary>As <see cref="Number.TryParse(ReadOnlySpan{byte}, out Number)"/>, of up to 38 digits: totals outgrow what prices need.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out WideNumber number)
    {
        if (Number.TryParse(text, out var narrow))
        {
            number = narrow;
            return true;
        }

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

        whole = whole.TrimStart((byte)'0');
        fraction = fraction.TrimEnd((byte)'0');
        var mantissa = Int128.Zero;
        if (fraction.Length > Number.MaxScale || whole.Length + fraction.Length > MaxDigits || !TryAppend(whole, ref mantissa) || !TryAppend(fraction, ref mantissa))
        {
            return false;
        }

        number = new WideNumber(negative ? -mantissa : mantissa, fraction.Length);
        return true;
    }

    /// <summary>Exact sum; false when it does not fit 128 bits, which no real market reaches.</summary>
    public static bool TryAdd(WideNumber left, WideNumber right, out WideNumber sum)
    {
        if (!TryAlign(ref left, ref right))
        {
            sum = left;
            return false;
        }

        var total = left.Mantissa + right.Mantissa;
        sum = new WideNumber(total, left.Scale);

        // Signed overflow: both summands have the sign that the total lost.
        return ((left.Mantissa ^ total) & (right.Mantissa ^ total)) >= 0;
    }

    /// <summary>Exact product; false when it does not fit 128 bits or has more decimals than can be told.</summary>
    public static bool TryMultiply(WideNumber left, Number right, out WideNumber product)
    {
        if (right is { Mantissa: 1, Scale: 0 })
        {
            product = left;
            return true;
        }

        var factor = left.Normalize();
        var scale = factor.Scale + right.Scale;
        var size = Int128.Abs(right.Mantissa);
        var fits = scale <= MaxScale
            && (size == 0 || (factor.Mantissa != Int128.MinValue && Int128.Abs(factor.Mantissa) <= Int128.MaxValue / size));
        product = fits ? new WideNumber(factor.Mantissa * right.Mantissa, scale) : left;
        return fits;
    }

    public int CompareTo(WideNumber other)
    {
        var left = this;
        var right = other;
        if (TryAlign(ref left, ref right))
        {
            return left.Mantissa.CompareTo(right.Mantissa);
        }

        // Alignment overflows only when the two differ by many orders of magnitude: the one with the smaller scale is the larger by size.
        var coarse = Scale < other.Scale ? this : other;
        var sign = Int128.Sign(coarse.Mantissa);
        return Scale < other.Scale ? sign : -sign;
    }

    public bool Equals(WideNumber other) => CompareTo(other) == 0;

    public override int GetHashCode()
    {
        var normal = Normalize();
        return HashCode.Combine(normal.Mantissa, normal.Scale);
    }

    public static bool operator <(WideNumber left, WideNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(WideNumber left, WideNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(WideNumber left, WideNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WideNumber left, WideNumber right) => left.CompareTo(right) >= 0;

    public bool TryFormat(Span<byte> target, out int written)
    {
        var normal = Normalize();
        return DecimalText.TryFormat(normal.Mantissa, normal.Scale, target, out written);
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxLength];
        TryFormat(text, out var written);
        return System.Text.Encoding.ASCII.GetString(text[..written]);
    }

    private static bool TryAppend(ReadOnlySpan<byte> digits, ref Int128 mantissa)
    {
        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            mantissa = (mantissa * 10) + (c - '0');
        }

        return true;
    }

    private static bool TryAlign(ref WideNumber left, ref WideNumber right)
    {
        if (left.Scale == right.Scale)
        {
            return true;
        }

        if (left.Scale < right.Scale)
        {
            return TryRescale(ref left, right.Scale);
        }

        return TryRescale(ref right, left.Scale);
    }

    private static bool TryRescale(ref WideNumber number, int scale)
    {
        var factor = DecimalText.PowerOfTen(scale - number.Scale);
        if (number.Mantissa != 0 && (factor == 0 || Int128.Abs(number.Mantissa) > Int128.MaxValue / factor))
        {
            return false;
        }

        number = new WideNumber(number.Mantissa * factor, scale);
        return true;
    }

    private WideNumber Normalize()
    {
        var mantissa = Mantissa;
        var scale = (int)Scale;
        while (scale > 0 && (long)mantissa != mantissa && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }

        // Most sums fit 64 bits, where division is an order of magnitude cheaper.
        if ((long)mantissa == mantissa)
        {
            var narrow = (long)mantissa;
            while (scale > 0 && narrow % 10 == 0)
            {
                narrow /= 10;
                scale--;
            }

            mantissa = narrow;
        }

        return new WideNumber(mantissa, scale);
    }
}
