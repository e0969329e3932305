using System.Buffers.Binary;
using System.Text;

namespace Pipeline.TestKit.Feeds;

/// <summary>The server's end of one connection of <see cref="LoopbackVenue"/>.</summary>
public sealed class LoopbackPeer(Stream stream, CancellationToken stopped)
{
    public const byte Continuation = 0;
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    /// <summary>A frame as it lies on the wire.</summary>
    public static byte[] Frame(byte opcode, ReadOnlySpan<byte> payload, bool fin = true)
    {
        var header = new byte[10];
        header[0] = (byte)((fin ? 0x80 : 0) | opcode);
        int size;
        switch (payload.Length)
        {
            case < 126:
                header[1] = (byte)payload.Length;
                size = 2;
                break;
            case <= ushort.MaxValue:
                header[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payload.Length);
                size = 4;
                break;
            default:
                header[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(2), (ulong)payload.Length);
                size = 10;
                break;
        }

        return [.. header.AsSpan(0, size), .. payload];
    }

    public static byte[] CloseFrame(ushort code, string text)
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        Encoding.UTF8.GetBytes(text, payload.AsSpan(2));
        return Frame(Close, payload);
    }

    public Task SendTextAsync(string text) => WriteAsync(Frame(Text, Encoding.UTF8.GetBytes(text)));

    public async Task WriteAsync(params byte[][] pieces)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece, stopped);
        }
    }

    /// <summary>The next frame of the client, unmasked.</summary>
    public async Task<(byte Opcode, byte[] Payload)> ReadAsync()
    {
        var header = new byte[2];
        await stream.ReadExactlyAsync(header, stopped);
        var length = header[1] & 0x7F;
        if (length == 126)
        {
            var extended = new byte[2];
            await stream.ReadExactlyAsync(extended, stopped);
            length = BinaryPrimitives.ReadUInt16BigEndian(extended);
        }

        var mask = new byte[4];
        await stream.ReadExactlyAsync(mask, stopped);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, stopped);
        for (var i = 0; i < length; i++)
        {
            payload[i] ^= mask[i & 3];
        }

        return ((byte)(header[0] & 0x0F), payload);
    }

    /// <summary>Keeps the connection open until the test is over.</summary>
    public Task HoldAsync() => Task.Delay(Timeout.InfiniteTimeSpan, stopped);
}
