using System.Runtime.InteropServices;

namespace Pipeline.Venues.Scanning;

/// <summary>
/// Names of members as numbers, so that a switch finds them: the first seven bytes, and in the top byte the length. Two long names of one
/// length and beginning are one number: a reader that knows such a name must know no other, and sees to it by its tests.
/// </summary>
internal static class FieldName
{
    public static ulong Pack(ReadOnlySpan<byte> name)
    {
        Span<byte> bytes = stackalloc byte[8];
        name[..Math.Min(name.Length, 7)].CopyTo(bytes);
        bytes[7] = (byte)name.Length;
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
