using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Pipeline.Fanout.Sockets;

namespace Pipeline.SocketIo.Tests.Wire;

/// <summary>The bytes of a link in memory; what the server writes is taken apart into messages.</summary>
internal sealed class MemoryTransport(PipeReader input, Action abort) : LinkTransport(input)
{
    private readonly List<byte> _rest = [];
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();

    /// <summary>Text as it is, binary as <c>b:01FF</c>, a close frame as <c>close:1000</c>.</summary>
    public ChannelReader<string> Messages => _messages.Reader;

    public override int PendingBytes => 0;

    public override SendResult Send(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        while (TryTake(out var message))
        {
            _messages.Writer.TryWrite(message);
        }

        return SendResult.Done;
    }

    public override void Abort() => abort();

    private bool TryTake(out string message)
    {
        message = "";
        var bytes = _rest.ToArray().AsSpan();
        if (bytes.Length < 2)
        {
            return false;
        }

        var (length, header) = bytes[1] switch
        {
            126 => bytes.Length < 4 ? (int.MaxValue, 4) : (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 4),
            127 => bytes.Length < 10 ? (int.MaxValue, 10) : ((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]), 10),
            _ => ((int)bytes[1], 2),
        };
        if (bytes.Length - header < length)
        {
            return false;
        }

        var payload = bytes.Slice(header, length);
        message = (bytes[0] & 15) switch
        {
            1 => Encoding.UTF8.GetString(payload),
            2 => "b:" + Convert.ToHexString(payload),
            8 => "close:" + (length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 0),
            var opcode => "opcode:" + opcode,
        };
        _rest.RemoveRange(0, header + length);
        return true;
    }
}
