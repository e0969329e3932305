using System.Buffers.Text;

namespace Pipeline.Core.Recordings;

/// <summary>Arrival times as recorders write them: Unix seconds with a fraction, or an integer whose size tells its unit.</summary>
internal static class ArrivalTime
{
    private const long SmallestMilliseconds = 100_000_000_000;
    private const long SmallestMicroseconds = 100_000_000_000_000;
    private const long SmallestNanoseconds = 100_000_000_000_000_000;

    /// <summary>Reads microseconds; digits below are cut.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        text = text.Trim(" \r\t"u8);
        var point = text.IndexOf((byte)'.');
        var fraction = point < 0 ? default : text[(point + 1)..];
        microseconds = 0;
        if (!Utf8Parser.TryParse(text, out long whole, out var length) || whole < 0 || length != (point < 0 ? text.Length : point)
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        switch (whole)
        {
            case >= SmallestNanoseconds:
                microseconds = whole / 1000;
                break;
            case >= SmallestMicroseconds:
                microseconds = whole;
                break;
            case >= SmallestMilliseconds:
                microseconds = (whole * 1000) + Fraction(fraction, 3);
                break;
            default:
                microseconds = (whole * 1_000_000) + Fraction(fraction, 6);
                break;
        }

        return true;
    }

    private static long Fraction(ReadOnlySpan<byte> digits, int count)
    {
        long value = 0;
        for (var i = 0; i < count; i++)
        {
            value = (value * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return value;
    }
}
