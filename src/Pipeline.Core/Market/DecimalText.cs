using System.Globalization;

namespace Pipeline.Core.Market;

/// <summary>Decimal text from mantissa and scale, and the powers of ten both need.</summary>
internal static class DecimalText
{
    private static readonly Int128[] Powers = MakePowers();

    /// <summary>10^exponent, or 0 when that does not fit 128 bits.</summary>
    public static Int128 PowerOfTen(int exponent) => exponent < Powers.Length ? Powers[exponent] : 0;

    public static bool TryFormat(long mantissa, int scale, Span<byte> target, out int written)
    {
        Span<byte> digits = stackalloc byte[20];
        var negative = mantissa < 0;
        var magnitude = negative ? 0 - (ulong)mantissa : (ulong)mantissa;
        magnitude.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return TryPlace(digits[..length], negative, scale, target, out written);
    }

    public static bool TryFormat(Int128 mantissa, int scale, Span<byte> target, out int written)
    {
        if ((long)mantissa == mantissa)
        {
            return TryFormat((long)mantissa, scale, target, out written);
        }

        Span<byte> digits = stackalloc byte[40];
        UInt128 magnitude = mantissa < 0 ? (UInt128)(-mantissa) : (UInt128)mantissa;
        magnitude.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return TryPlace(digits[..length], mantissa < 0, scale, target, out written);
    }

    private static bool TryPlace(ReadOnlySpan<byte> digits, bool negative, int scale, Span<byte> target, out int written)
    {
        written = 0;
        var zeros = scale >= digits.Length ? scale - digits.Length + 1 : 0;
        var length = (negative ? 1 : 0) + digits.Length + zeros + (scale > 0 ? 1 : 0);
        if (target.Length < length)
        {
            return false;
        }

        var at = 0;
        if (negative)
        {
            target[at++] = (byte)'-';
        }

        if (zeros > 0)
        {
            target[at++] = (byte)'0';
            target[at++] = (byte)'.';
            target.Slice(at, zeros - 1).Fill((byte)'0');
            digits.CopyTo(target[(at + zeros - 1)..]);
        }
        else
        {
            var whole = digits.Length - scale;
            digits[..whole].CopyTo(target[at..]);
            at += whole;
            if (scale > 0)
            {
                target[at++] = (byte)'.';
                digits[whole..].CopyTo(target[at..]);
            }
        }

        written = length;
        return true;
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
