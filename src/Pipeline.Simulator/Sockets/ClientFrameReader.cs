using System.Buffers.Binary;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// Reads masked client frames and puts fragments together. Of a message only the first <c>keep</c> bytes are kept, as
/// <see cref="Payload"/>; the rest is counted and thrown away, so that a client cannot make the simulator buffer.
/// </summary>
internal sealed class ClientFrameReader(Stream stream, int keep)
{
    private const int LongestControl = 125;
    private const long LongestMessage = 1024 * 1024;

    private readonly byte[] _buffer = new byte[8192];
    private readonly byte[] _message = new byte[keep];
    private readonly byte[] _control = new byte[LongestControl];
    private int _start;
    private int _end;
    private byte _messageOpcode;
    private int _kept;
    private long _messageLength;

    /// <summary>The bytes kept of what <see cref="ReadAsync"/> returned last; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Its whole length, kept or not.</summary>
    public long Length { get; private set; }

    /// <summary>The next whole message or control frame: its opcode, or -1 when the client ended the stream.</summary>
    /// <exception cref="ClientFrameException">The client broke the protocol.</exception>
    public async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        while (await FillAsync(2, cancellation))
        {
            var first = _buffer[_start];
            var second = _buffer[_start + 1];
            var extended = (second & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
            Check(first, second, extended);
            if (!await FillAsync(2 + extended + 4, cancellation))
            {
                return -1;
            }

            var length = ReadLength(second, extended);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start + 2 + extended));
            _start += 2 + extended + 4;
            var opcode = (byte)(first & 0x0F);
            if (!await ReadPayloadAsync(opcode, length, mask, cancellation))
            {
                return -1;
            }

            if ((first & 0x80) != 0)
            {
                return Finish(opcode, (int)length);
            }
        }

        return -1;
    }

    private int Finish(byte opcode, int length)
    {
        if (opcode >= Opcode.Close)
        {
            Payload = _control.AsMemory(0, length);
            Length = length;
            return opcode;
        }

        Payload = _message.AsMemory(0, _kept);
        Length = _messageLength;
        var kind = _messageOpcode;
        (_messageOpcode, _kept, _messageLength) = (0, 0, 0);
        return kind;
    }

    private void Check(byte first, byte second, int extended)
    {
        var opcode = (byte)(first & 0x0F);
        var reason = (first & 0x70) != 0 ? "reserved bits are set"
            : (second & 0x80) == 0 ? "client frames must be masked"
            : opcode is > Opcode.Binary and < Opcode.Close or > Opcode.Pong ? "unknown opcode"
            : opcode >= Opcode.Close && ((first & 0x80) == 0 || extended > 0) ? "control frame is fragmented or too long"
            : opcode == Opcode.Continuation && _messageOpcode == 0 ? "continuation of nothing"
            : opcode is Opcode.Text or Opcode.Binary && _messageOpcode != 0 ? "new message inside a fragmented one"
            : null;
        if (reason is not null)
        {
            throw new ClientFrameException(CloseCode.ProtocolError, reason);
        }
    }

    private long ReadLength(byte second, int extended)
    {
        var at = _buffer.AsSpan(_start + 2);
        var length = extended switch
        {
            0 => second & 0x7F,
            2 => BinaryPrimitives.ReadUInt16BigEndian(at),
            _ => BinaryPrimitives.ReadInt64BigEndian(at),
        };
        return length is >= 0 and <= LongestMessage ? length : throw new ClientFrameException(CloseCode.TooBig, "Message too big");
    }

    private async ValueTask<bool> ReadPayloadAsync(byte opcode, long length, uint mask, CancellationToken cancellation)
    {
        var control = opcode >= Opcode.Close;
        if (!control)
        {
            _messageOpcode = opcode == Opcode.Continuation ? _messageOpcode : opcode;
            if (_messageLength + length > LongestMessage)
            {
                throw new ClientFrameException(CloseCode.TooBig, "Message too big");
            }
        }

        for (long done = 0; done < length;)
        {
            if (!await FillAsync(1, cancellation))
            {
                return false;
            }

            var part = (int)Math.Min(length - done, _end - _start);
            Unmask(_buffer.AsSpan(_start, part), mask, done);
            Keep(_buffer.AsSpan(_start, part), control, (int)done);
            _start += part;
            done += part;
        }

        return true;
    }

    private void Keep(ReadOnlySpan<byte> part, bool control, int offset)
    {
        if (control)
        {
            part.CopyTo(_control.AsSpan(offset));
            return;
        }

        _messageLength += part.Length;
        var kept = Math.Min(part.Length, _message.Length - _kept);
        part[..kept].CopyTo(_message.AsSpan(_kept));
        _kept += kept;
    }

    private static void Unmask(Span<byte> part, uint mask, long offset)
    {
        for (var i = 0; i < part.Length; i++)
        {
            part[i] ^= (byte)(mask >> (int)(((offset + i) & 3) * 8));
        }
    }

    /// <summary>Makes at least <paramref name="count"/> bytes available; false at the end of the stream.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
