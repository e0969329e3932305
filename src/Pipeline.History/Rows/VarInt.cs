namespace Pipeline.History.Rows;

/// <summary>Integers in as few bytes as they need: seven bits a byte, the smallest first; the sign is the lowest bit.</summary>
internal static class VarInt
{
    /// <summary>Most bytes of a 128-bit integer.</summary>
    public const int MaxLength = 19;

    public static void Write(Span<byte> target, ref int at, Int128 value)
    {
        if ((long)value == value)
        {
            var narrow = (long)value;
            Write(target, ref at, (ulong)((narrow << 1) ^ (narrow >> 63)));
            return;
        }

        var rest = (UInt128)((value << 1) ^ (value >> 127));
        while (rest >= 0x80)
        {
            target[at++] = (byte)((byte)(rest & 0x7f) | 0x80);
            rest >>= 7;
        }

        target[at++] = (byte)rest;
    }

    /// <exception cref="FormatException">The bytes end too soon, or are no integer.</exception>
    public static Int128 Read(ReadOnlySpan<byte> source, ref int at)
    {
        ulong narrow = 0;
        for (var shift = 0; shift < 56; shift += 7)
        {
            var one = Next(source, ref at);
            narrow |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return (long)(narrow >> 1) ^ -(long)(narrow & 1);
            }
        }

        return ReadWide(source, ref at, narrow);
    }

    /// <exception cref="FormatException">As <see cref="Read"/>, or the integer needs more than 64 bits.</exception>
    public static long ReadLong(ReadOnlySpan<byte> source, ref int at) =>
        Read(source, ref at) is var value && (long)value == value ? (long)value : throw new FormatException("The integer is too wide.");

    private static Int128 ReadWide(ReadOnlySpan<byte> source, ref int at, ulong low)
    {
        UInt128 value = low;
        for (var shift = 56; shift < 128; shift += 7)
        {
            var one = Next(source, ref at);
            value |= (UInt128)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return (Int128)(value >> 1) ^ -(Int128)(value & 1);
            }
        }

        throw new FormatException("The integer does not end.");
    }

    private static void Write(Span<byte> target, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
    }

    private static byte Next(ReadOnlySpan<byte> source, ref int at) =>
        at < source.Length ? source[at++] : throw new FormatException("The value ends too soon.");
}
