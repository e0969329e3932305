using System.IO.Compression;

namespace Pipeline.Fanout.Frames;

/// <summary>
/// permessage-deflate (RFC 7692) without context takeover either way: so a message is compressed once for all its clients, and no client
/// holds a window of 32 kB.
/// </summary>
internal static class Deflation
{
    /// <summary>Shorter messages do not become smaller.</summary>
    private const int Smallest = 64;

    /// <summary>What a sender cuts off the end of a message (§7.2.1), then an empty final block, so that the stream has an end.</summary>
    private static readonly byte[] Tail = [0x00, 0x00, 0xFF, 0xFF, 0x03, 0x00];

    /// <summary>The compressed frame; null when it is not smaller than <paramref name="plain"/> bytes.</summary>
    public static byte[]? Frame(ReadOnlySpan<byte> payload, Opcode opcode, int plain)
    {
        if (payload.Length < Smallest)
        {
            return null;
        }

        using var target = new MemoryStream(payload.Length + 16);
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(payload);

            // A flush ends with an empty stored block, 00 00 FF FF, which the receiver adds again; what comes after it on disposal is not sent.
            deflate.Flush();
            target.SetLength(target.Length - 4);
            var length = (int)target.Length;
            var header = FrameHeader.LengthFor(length);
            if (header + length >= plain)
            {
                return null;
            }

            var frame = GC.AllocateUninitializedArray<byte>(header + length);
            FrameHeader.Write(frame, opcode, length, compressed: true);
            target.GetBuffer().AsSpan(0, length).CopyTo(frame.AsSpan(header));
            return frame;
        }
    }

    /// <summary>Unpacks a message into <paramref name="target"/>.</summary>
    /// <returns>Its length; -1 when it is longer than the target, -2 when it cannot be unpacked.</returns>
    public static int Inflate(ArraySegment<byte> compressed, Span<byte> target)
    {
        var source = new byte[compressed.Count + Tail.Length];
        compressed.AsSpan().CopyTo(source);
        Tail.CopyTo(source.AsSpan(compressed.Count));
        using var inflate = new DeflateStream(new MemoryStream(source), CompressionMode.Decompress);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == target.Length)
                {
                    return inflate.ReadByte() < 0 ? length : -1;
                }

                var read = inflate.Read(target[length..]);
                if (read == 0)
                {
                    return length;
                }

                length += read;
            }
        }
        catch (InvalidDataException)
        {
            return -2;
        }
    }
}
