using System.Buffers;
using System.Buffers.Binary;

namespace Pipeline.Fanout.Frames;

/// <summary>Header of one frame, RFC 6455 §5.2.</summary>
internal readonly record struct FrameHeader(bool Final, int Reserved, Opcode Opcode, bool Masked, ulong Length, uint Mask, int Size)
{
    /// <summary>The bit of <see cref="Reserved"/> that says "compressed", RFC 7692 §6.</summary>
    public const int CompressedBit = 0x40;

    private const int MaxSize = 14;

    public bool IsControl => (int)Opcode >= 8;

    /// <summary>Bytes of a server's header for so many bytes of payload.</summary>
    public static int LengthFor(int payload) => payload < 126 ? 2 : payload <= ushort.MaxValue ? 4 : 10;

    /// <summary>Writes a server's header, which is never masked; returns its length.</summary>
    public static int Write(Span<byte> target, Opcode opcode, int payload, bool compressed)
    {
        target[0] = (byte)(0x80 | (compressed ? CompressedBit : 0) | (int)opcode);
        switch (payload)
        {
            case < 126:
                target[1] = (byte)payload;
                return 2;
            case <= ushort.MaxValue:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payload);
                return 4;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payload);
                return 10;
        }
    }

    /// <summary>Reads the header in front of <paramref name="buffer"/>; false while part of it is missing.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= MaxSize || buffer.IsSingleSegment)
        {
            return TryRead(first, out header);
        }

        Span<byte> copy = stackalloc byte[MaxSize];
        var length = (int)Math.Min(MaxSize, buffer.Length);
        buffer.Slice(0, length).CopyTo(copy);
        return TryRead(copy[..length], out header);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2)
        {
            return false;
        }

        var masked = (bytes[1] & 0x80) != 0;
        var length = bytes[1] & 0x7F;
        var extended = length < 126 ? 0 : length == 126 ? 2 : 8;
        var size = 2 + extended + (masked ? 4 : 0);
        if (bytes.Length < size)
        {
            return false;
        }

        var payload = extended switch
        {
            0 => (ulong)length,
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        var mask = masked ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - 4)..]) : 0;
        header = new FrameHeader((bytes[0] & 0x80) != 0, bytes[0] & 0x70, (Opcode)(bytes[0] & 0x0F), masked, payload, mask, size);
        return true;
    }
}
