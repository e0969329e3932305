using System.Numerics;
using System.Runtime.InteropServices;

namespace Pipeline.Fanout.Frames;

/// <summary>The masking of client frames, RFC 6455 §5.3.</summary>
internal static class Masking
{
    /// <summary>Masks or unmasks in place.</summary>
    /// <param name="mask">The four bytes of the key, the first one lowest.</param>
    public static void Apply(Span<byte> data, uint mask)
    {
        if (mask == 0)
        {
            return;
        }

        var wide = MemoryMarshal.Cast<byte, Vector<byte>>(data);
        var pattern = Vector.AsVectorByte(new Vector<uint>(mask));
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] ^= pattern;
        }

        for (var i = wide.Length * Vector<byte>.Count; i < data.Length; i++)
        {
            data[i] ^= (byte)(mask >> ((i & 3) * 8));
        }
    }
}
