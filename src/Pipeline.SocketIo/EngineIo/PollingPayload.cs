using System.Buffers;
using System.Buffers.Text;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>Packets in the body of a request or an answer: joined by a separator, binary ones as base64 behind a <c>b</c>.</summary>
internal static class PollingPayload
{
    /// <summary>Bytes that <see cref="Write"/> makes of these.</summary>
    public static int Measure(List<SharedMessage> messages)
    {
        var bytes = messages.Count - 1;
        foreach (var message in messages)
        {
            bytes += Measure(message);
        }

        return bytes;
    }

    public static int Measure(SharedMessage message) =>
        message.IsBinary ? 1 + Base64.GetMaxEncodedToUtf8Length(message.Payload.Length) : message.Payload.Length;

    public static void Write(List<SharedMessage> messages, IBufferWriter<byte> writer)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            var gap = i > 0 ? 1 : 0;
            var size = gap + Measure(message);
            var target = writer.GetSpan(size)[..size];
            if (gap > 0)
            {
                target[0] = EnginePackets.Separator;
            }

            WriteOne(message, target[gap..]);
            writer.Advance(size);
        }
    }

    /// <summary>Takes the first packet off what is left of a body; null = nothing is left.</summary>
    public static ReadOnlyMemory<byte> Next(ref ReadOnlyMemory<byte>? body)
    {
        var rest = body.GetValueOrDefault();
        var end = rest.Span.IndexOf(EnginePackets.Separator);
        body = end < 0 ? default(ReadOnlyMemory<byte>?) : rest[(end + 1)..];
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>Binary payload of a packet without its <c>b</c>; null when it is no base64.</summary>
    public static byte[]? DecodeBinary(ReadOnlySpan<byte> base64)
    {
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, buffer, out var read, out var written) != OperationStatus.Done || read != base64.Length)
        {
            return null;
        }

        return written == buffer.Length ? buffer : buffer[..written];
    }

    private static void WriteOne(SharedMessage message, Span<byte> target)
    {
        var payload = message.Payload.Span;
        if (!message.IsBinary)
        {
            payload.CopyTo(target);
            return;
        }

        target[0] = EnginePackets.Base64;
        Base64.EncodeToUtf8(payload, target[1..], out _, out _);
    }
}
