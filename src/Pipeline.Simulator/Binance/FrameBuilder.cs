using System.Buffers.Text;
using System.Globalization;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Builds one payload at a time and frames it bare or in the combined envelope. Reuses its memory: a result is valid until the
/// next <see cref="Begin"/>.
/// </summary>
internal sealed class FrameBuilder
{
    private const int LongestNumber = 48;

    private byte[] _buffer = new byte[16 * 1024];
    private byte[] _combined = new byte[16 * 1024];
    private int _end;

    /// <summary>Starts a payload; room for the header is left before it.</summary>
    public void Begin() => _end = ServerFrame.LongestHeader;

    public FrameBuilder Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _end += text.Length;
        return this;
    }

    public FrameBuilder Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out var length);
        _end += length;
        return this;
    }

    /// <summary>Writes a scale-8 number with exactly eight decimals.</summary>
    public FrameBuilder Decimal(long value)
    {
        var room = Room(LongestNumber);
        var (whole, fraction) = Math.DivRem((ulong)value, (ulong)FixedPoint.One);
        Utf8Formatter.TryFormat(whole, room, out var length);
        room[length] = (byte)'.';
        Utf8Formatter.TryFormat(fraction, room[(length + 1)..], out _, new('D', FixedPoint.Scale));
        _end += length + 1 + FixedPoint.Scale;
        return this;
    }

    /// <summary>As above, for sums.</summary>
    public FrameBuilder Decimal(Int128 value)
    {
        if ((long)value == value)
        {
            return Decimal((long)value);
        }

        var (whole, fraction) = Int128.DivRem(value, FixedPoint.One);
        var room = Room(LongestNumber);
        whole.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        room[length] = (byte)'.';
        Utf8Formatter.TryFormat((long)fraction, room[(length + 1)..], out _, new('D', FixedPoint.Scale));
        _end += length + 1 + FixedPoint.Scale;
        return this;
    }

    /// <summary>Writes <c>value × 10^-scale</c> without trailing zeros.</summary>
    public FrameBuilder Trimmed(Int128 value, int scale = FixedPoint.Scale)
    {
        _end += TrimmedText.Write(value, scale, Room(TrimmedText.Longest));
        return this;
    }

    public FrameBuilder Flag(bool value) => Text(value ? "true"u8 : "false"u8);

    /// <summary>The payload without a frame.</summary>
    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(ServerFrame.LongestHeader, _end - ServerFrame.LongestHeader);

    /// <summary>The payload as a text frame.</summary>
    public ReadOnlySpan<byte> Bare()
    {
        var length = _end - ServerFrame.LongestHeader;
        var start = ServerFrame.LongestHeader - ServerFrame.HeaderLength(length);
        ServerFrame.WriteHeader(_buffer.AsSpan(start), Opcode.Text, length);
        return _buffer.AsSpan(start, _end - start);
    }

    /// <summary>The payload inside <paramref name="envelope"/>, which lacks only the closing brace, as a text frame.</summary>
    public ReadOnlySpan<byte> Combined(ReadOnlySpan<byte> envelope)
    {
        var payload = _buffer.AsSpan(ServerFrame.LongestHeader, _end - ServerFrame.LongestHeader);
        var length = envelope.Length + payload.Length + 1;
        if (_combined.Length < length + ServerFrame.LongestHeader)
        {
            _combined = new byte[2 * (length + ServerFrame.LongestHeader)];
        }

        var header = ServerFrame.WriteHeader(_combined, Opcode.Text, length);
        envelope.CopyTo(_combined.AsSpan(header));
        payload.CopyTo(_combined.AsSpan(header + envelope.Length));
        _combined[header + length - 1] = (byte)'}';
        return _combined.AsSpan(0, header + length);
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _end < length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _end + length));
        }

        return _buffer.AsSpan(_end);
    }
}
