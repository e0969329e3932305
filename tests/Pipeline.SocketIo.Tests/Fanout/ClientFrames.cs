using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pipeline.Fanout.Frames;

namespace Pipeline.SocketIo.Tests.Fanout;

/// <summary>Frames as a client sends them, right and wrong ones.</summary>
internal static class ClientFrames
{
    public static byte[] Text(string text, uint mask = 0x12345678, bool final = true) => Frame(Opcode.Text, Encoding.UTF8.GetBytes(text), mask, final);

    public static byte[] Close(int code, string reason = "") =>
        Frame(Opcode.Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public static byte[] Frame(Opcode opcode, byte[] payload, uint mask = 0xA1B2C3D4, bool final = true, int reserved = 0, bool masked = true)
    {
        var frame = new List<byte> { (byte)((final ? 0x80 : 0) | reserved | (int)opcode) };
        var flag = masked ? 0x80 : 0;
        switch (payload.Length)
        {
            case < 126:
                frame.Add((byte)(flag | payload.Length));
                break;
            case <= ushort.MaxValue:
                frame.AddRange([(byte)(flag | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
                break;
            default:
                var length = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
                frame.Add((byte)(flag | 127));
                frame.AddRange(length);
                break;
        }

        if (!masked)
        {
            return [.. frame, .. payload];
        }

        byte[] key = [(byte)mask, (byte)(mask >> 8), (byte)(mask >> 16), (byte)(mask >> 24)];
        return [.. frame, .. key, .. payload.Select((b, i) => (byte)(b ^ key[i & 3]))];
    }

    /// <summary>The bytes as one sequence of several segments.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, params int[] lengths)
    {
        var first = new Segment([], 0);
        var last = first;
        var at = 0;
        foreach (var length in lengths.Append(int.MaxValue))
        {
            var take = Math.Min(length, bytes.Length - at);
            last = last.Append(bytes[at..(at + take)]);
            at += take;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
