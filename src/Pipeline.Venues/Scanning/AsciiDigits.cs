using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Venues.Scanning;

/// <summary>Decimal digits of sixteen bytes at once, as values from 0 to 9.</summary>
internal static class AsciiDigits
{
    private static Vector128<byte> Places => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>Leading ASCII digits among eight bytes, first byte lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(ulong chunk)
    {
        // A digit xor '0' is at most 9: adding 0x76 sets the top bit of every byte above it; bytes with the top bit set are none either.
        var values = chunk ^ 0x3030303030303030ul;
        var others = (((values & 0x7F7F7F7F7F7F7F7Ful) + 0x7676767676767676ul) | values) & 0x8080808080808080ul;
        return others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
    }

    /// <summary>The first <paramref name="count"/> of the bytes moved to the end, zeros in front; what lay behind them falls out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AlignRight(Vector128<byte> values, int count) =>
        Pick(values, Places + Vector128.Create((byte)(count - 16)));

    /// <summary>
    /// As <see cref="AlignRight"/> for the bytes up to <paramref name="end"/>, of which the one in front of the last
    /// <paramref name="scale"/> is left out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AlignRightWithoutPoint(Vector128<byte> values, int end, int scale)
    {
        // Bytes in front of the point come from one place further left: the comparison's -1 says which these are.
        var isWhole = Vector128.LessThan(Places.AsSByte(), Vector128.Create((sbyte)(16 - scale))).AsByte();
        return Pick(values, Places + Vector128.Create((byte)(end - 16)) + isWhole);
    }

    /// <summary>Value of sixteen digits, the first one highest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Value(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported)
        {
            var halves = digits.AsUInt64();
            return ((long)EightDigits(halves.GetElement(0)) * 100_000_000) + (long)EightDigits(halves.GetElement(1));
        }

        // Neighbours are joined three times: to pairs, to fours, to eights.
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064).AsInt16());
        var packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x0001_2710).AsInt16()).AsUInt64().ToScalar();
        return ((long)(uint)eights * 100_000_000) + (long)(eights >> 32);
    }

    /// <summary>Places beyond the vector, as negative ones are, pick zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> values, Vector128<byte> places) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(values, places) : Vector128.Shuffle(values, places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(ulong values)
    {
        values = (values * 10) + (values >> 8);
        return (((values & 0x000000FF000000FFul) * 0x000F424000000064ul) + (((values >> 16) & 0x000000FF000000FFul) * 0x0000271000000001ul)) >> 32;
    }
}
