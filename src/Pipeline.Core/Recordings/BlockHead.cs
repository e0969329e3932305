using System.Buffers.Binary;

namespace Pipeline.Core.Recordings;

/// <summary>What stands in front of a block: its kind and lengths. 13 bytes, little-endian.</summary>
/// <param name="Raw">Length of the content.</param>
/// <param name="Packed">Length of the content as it lies in the file, a gzip member with its checksum.</param>
internal readonly record struct BlockHead(byte Kind, int Raw, int Packed)
{
    public const int Size = 13;
    public const byte Header = (byte)'H';
    public const byte Frames = (byte)'F';
    public const byte End = (byte)'E';

    /// <summary>Largest content; a batch is 256 frames of at most some megabytes in all.</summary>
    public const int MaxRaw = 256 << 20;

    private const uint Magic = 0x4B4C4250;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        target[4] = Kind;
        BinaryPrimitives.WriteInt32LittleEndian(target[5..], Raw);
        BinaryPrimitives.WriteInt32LittleEndian(target[9..], Packed);
    }

    /// <summary>Null when it is no head, or of lengths that no block has.</summary>
    public static BlockHead? Read(ReadOnlySpan<byte> bytes)
    {
        var head = new BlockHead(
            bytes[4], BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && head.Kind is Header or Frames or End
            && head is { Raw: >= 0 and <= MaxRaw, Packed: >= 0 and <= MaxRaw }
                ? head
                : null;
    }
}
