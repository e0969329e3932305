using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Simulator.Sockets;

/// <summary>Writes headers of unmasked, final server frames.</summary>
internal static class ServerFrame
{
    public const int LongestHeader = 10;

    // A control frame holds 125 bytes, two of which are the code.
    private const int LongestReason = 123;

    public static int HeaderLength(long payload) => payload < 126 ? 2 : payload <= ushort.MaxValue ? 4 : LongestHeader;

    /// <summary>Writes the header and returns its length.</summary>
    public static int WriteHeader(Span<byte> target, byte opcode, long payload)
    {
        target[0] = (byte)(0x80 | opcode);
        switch (HeaderLength(payload))
        {
            case 2:
                target[1] = (byte)payload;
                return 2;
            case 4:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payload);
                return 4;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(target[2..], payload);
                return LongestHeader;
        }
    }

    /// <summary>A final frame in one piece.</summary>
    public static byte[] Whole(byte opcode, ReadOnlySpan<byte> payload)
    {
        var length = HeaderLength(payload.Length);
        var frame = new byte[length + payload.Length];
        WriteHeader(frame, opcode, payload.Length);
        payload.CopyTo(frame.AsSpan(length));
        return frame;
    }

    /// <summary>Payload of a close frame; empty when the client gave no code to echo.</summary>
    public static byte[] ClosePayload(int code, string reason)
    {
        if (code == 0)
        {
            return [];
        }

        var text = Encoding.UTF8.GetBytes(reason);
        var length = Math.Min(text.Length, LongestReason);
        var payload = new byte[2 + length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        text.AsSpan(0, length).CopyTo(payload.AsSpan(2));
        return payload;
    }
}
