using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.Simulator.World;

/// <summary>Writes decimals as most venues do: no zeros at the end, and no point without digits behind it.</summary>
internal static class TrimmedText
{
    /// <summary>Room that <see cref="Write"/> needs: the digits of an <see cref="Int128"/>, sign, point and zeros in front.</summary>
    public const int Longest = 64;

    private const int MostDigits = 40;

    /// <summary>Writes <c>value × 10^-scale</c> and returns the length.</summary>
    /// <param name="value">Digits.</param>
    /// <param name="scale">Decimals, at most 20.</param>
    /// <param name="target">At least <see cref="Longest"/> bytes.</param>
    public static int Write(Int128 value, int scale, Span<byte> target)
    {
        var at = 0;
        if (value < 0)
        {
            target[at++] = (byte)'-';
            value = -value;
        }

        Span<byte> buffer = stackalloc byte[MostDigits];
        var digits = buffer[..Format(value, buffer)];
        var whole = Math.Max(0, digits.Length - scale);
        if (whole == 0)
        {
            target[at++] = (byte)'0';
        }

        digits[..whole].CopyTo(target[at..]);
        at += whole;
        var fraction = digits[whole..].TrimEnd((byte)'0');
        if (fraction.IsEmpty)
        {
            return at;
        }

        target[at++] = (byte)'.';
        var zeros = scale - (digits.Length - whole);
        target.Slice(at, zeros).Fill((byte)'0');
        at += zeros;
        fraction.CopyTo(target[at..]);
        return at + fraction.Length;
    }

    private static int Format(Int128 value, Span<byte> target)
    {
        int length;
        if ((ulong)value == value)
        {
            Utf8Formatter.TryFormat((ulong)value, target, out length);
        }
        else
        {
            value.TryFormat(target, out length, default, CultureInfo.InvariantCulture);
        }

        return length;
    }
}
