using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Pipeline.Fanout.Frames;

/// <summary>
/// Takes one client's frames out of the bytes received. A message of one frame that lies in one piece is unmasked where it lies and lent
/// from there; only fragmented, scattered and compressed ones are put together in a pooled buffer. Lengths are judged by the header, before
/// anything of the payload is waited for.
/// </summary>
internal struct FrameReader(int maxMessageBytes, bool compression)
{
    private byte[]? _assembled;
    private int _assembledLength;
    private bool _inMessage;
    private bool _messageIsBinary;
    private bool _messageIsCompressed;

    /// <summary>The message, or the payload of a control frame; valid until the next read or <see cref="Release"/>.</summary>
    public ReadOnlySequence<byte> Payload { get; private set; }

    /// <summary>Whether the message is binary.</summary>
    public bool IsBinary { get; private set; }

    /// <summary>Close code of a close frame or of a fault.</summary>
    public int Code { get; private set; }

    /// <summary>Text of a close frame or of a fault.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Takes the next frame off the front of <paramref name="buffer"/>.</summary>
    public FrameKind Read(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            if (!FrameHeader.TryRead(buffer, out var header))
            {
                return FrameKind.Incomplete;
            }

            if (Check(header) is { } fault)
            {
                return Fault(fault.Code, fault.Reason);
            }

            var end = header.Size + (long)header.Length;
            if (buffer.Length < end)
            {
                return FrameKind.Incomplete;
            }

            var payload = buffer.Slice(header.Size, (long)header.Length);
            buffer = buffer.Slice(end);
            var kind = header.IsControl ? Control(header, payload) : Data(header, payload);
            if (kind != FrameKind.Incomplete)
            {
                return kind;
            }
        }
    }

    /// <summary>The message is done with: its buffer goes back, unless fragments of the next one are in it.</summary>
    public void Release()
    {
        Payload = default;
        if (!_inMessage && _assembled is { } assembled)
        {
            _assembled = null;
            _assembledLength = 0;
            ArrayPool<byte>.Shared.Return(assembled);
        }
    }

    /// <summary>The connection is over.</summary>
    public void Dispose()
    {
        _inMessage = false;
        Release();
    }

    private readonly (int Code, string Reason)? Check(in FrameHeader header)
    {
        if (!header.Masked)
        {
            return (CloseCode.ProtocolError, "frame is not masked");
        }

        if (header.IsControl)
        {
            return header.Opcode > Opcode.Pong ? (CloseCode.ProtocolError, "unknown opcode")
                : !header.Final || header.Length > 125 ? (CloseCode.ProtocolError, "control frame is fragmented or too long")
                : header.Reserved != 0 ? (CloseCode.ProtocolError, "reserved bits are set")
                : null;
        }

        var first = header.Opcode != Opcode.Continuation;
        return header.Opcode > Opcode.Binary ? (CloseCode.ProtocolError, "unknown opcode")
            : first == _inMessage ? (CloseCode.ProtocolError, first ? "message inside a fragmented message" : "continuation of nothing")
            : header.Reserved != 0 && !(first && compression && header.Reserved == FrameHeader.CompressedBit)
                ? (CloseCode.ProtocolError, "reserved bits are set")
            : header.Length > (ulong)(maxMessageBytes - _assembledLength) ? (CloseCode.TooBig, "message too big")
            : null;
    }

    private FrameKind Data(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.Opcode != Opcode.Continuation)
        {
            _messageIsBinary = header.Opcode == Opcode.Binary;
            _messageIsCompressed = header.Reserved != 0;
            if (header.Final && !_messageIsCompressed && payload.IsSingleSegment)
            {
                // The bytes are the pipe's, this is their only reader, and they are not read again: they may be changed in place.
                var inPlace = MemoryMarshal.AsMemory(payload.First);
                Masking.Apply(inPlace.Span, header.Mask);
                return Message(inPlace);
            }
        }

        Append(payload, header.Mask);
        _inMessage = !header.Final;
        if (_inMessage)
        {
            return FrameKind.Incomplete;
        }

        return _messageIsCompressed ? Inflated() : Message(_assembled.AsMemory(0, _assembledLength));
    }

    private void Append(in ReadOnlySequence<byte> payload, uint mask)
    {
        var length = (int)payload.Length;
        if (_assembled is null || _assembled.Length < _assembledLength + length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(maxMessageBytes, Math.Max((_assembledLength + length) * 2, 256)));
            if (_assembled is { } smaller)
            {
                smaller.AsSpan(0, _assembledLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(smaller);
            }

            _assembled = larger;
        }

        var target = _assembled.AsSpan(_assembledLength, length);
        payload.CopyTo(target);
        Masking.Apply(target, mask);
        _assembledLength += length;
    }

    private FrameKind Inflated()
    {
        var target = ArrayPool<byte>.Shared.Rent(maxMessageBytes);
        var length = Deflation.Inflate(new ArraySegment<byte>(_assembled!, 0, _assembledLength), target.AsSpan(0, maxMessageBytes));
        ArrayPool<byte>.Shared.Return(_assembled!);
        _assembled = target;
        _assembledLength = 0;
        return length switch
        {
            -1 => Fault(CloseCode.TooBig, "message too big"),
            < 0 => Fault(CloseCode.InvalidText, "message cannot be decompressed"),
            _ => Message(target.AsMemory(0, length)),
        };
    }

    private FrameKind Message(ReadOnlyMemory<byte> payload)
    {
        _assembledLength = 0;
        if (!_messageIsBinary && !Utf8.IsValid(payload.Span))
        {
            return Fault(CloseCode.InvalidText, "text is not UTF-8");
        }

        Payload = new ReadOnlySequence<byte>(payload);
        IsBinary = _messageIsBinary;
        return FrameKind.Message;
    }

    private FrameKind Control(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[(int)payload.Length];
        payload.CopyTo(bytes);
        Masking.Apply(bytes, header.Mask);
        switch (header.Opcode)
        {
            case Opcode.Ping:
                Payload = new ReadOnlySequence<byte>(bytes.ToArray());
                return FrameKind.Ping;
            case Opcode.Pong:
                return FrameKind.Pong;
            default:
                return Close(bytes);
        }
    }

    private FrameKind Close(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            (Code, Reason) = (CloseCode.None, "");
            return FrameKind.Close;
        }

        if (payload.Length == 1)
        {
            return Fault(CloseCode.ProtocolError, "close frame without a code");
        }

        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!CloseCode.IsAllowed(code))
        {
            return Fault(CloseCode.ProtocolError, "close code is not allowed");
        }

        if (!Utf8.IsValid(payload[2..]))
        {
            return Fault(CloseCode.InvalidText, "text is not UTF-8");
        }

        (Code, Reason) = (code, Encoding.UTF8.GetString(payload[2..]));
        return FrameKind.Close;
    }

    private FrameKind Fault(int code, string reason)
    {
        (Code, Reason) = (code, reason);
        return FrameKind.Fault;
    }
}
