using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Core.Feeds;

/// <summary>Comparison of names of instruments, nearly all of which have 8 to 16 bytes: two loads each, and no call.</summary>
public static class ShortText
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        if (left.Length is < 8 or > 16)
        {
            return left.SequenceEqual(right);
        }

        // The two words overlap where there are less than sixteen bytes.
        ref var l = ref MemoryMarshal.GetReference(left);
        ref var r = ref MemoryMarshal.GetReference(right);
        var last = left.Length - 8;
        return ((Unsafe.ReadUnaligned<ulong>(ref l) ^ Unsafe.ReadUnaligned<ulong>(ref r))
            | (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref l, last)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref r, last)))) == 0;
    }
}
