using System.Buffers.Text;
using System.Globalization;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// Builds one payload at a time and frames it bare or in the combined envelope. Reuses its memory: a result is valid until the
/// next <see cref="Begin"/>.
/// </summary>
internal sealed class FrameBuilder
{
    private const int LongestNumber = 48;
    private static readonly long[] Tens = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    private byte[] _buffer = new byte[16 * 1024];
    private byte[] _combined = [];
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

    /// <summary>Decimals of what follows; eight unless set.</summary>
    public NumberFormat Format { get; set; } = NumberFormat.Spot;

    public FrameBuilder Price(long value) => Decimal(value, Format.Price);

    public FrameBuilder Quantity(Int128 value) => Decimal(value, Format.Quantity);

    /// <summary>A sum of price × quantity (scale 16), cut.</summary>
    public FrameBuilder Turnover(Int128 value) => Decimal(value / FixedPoint.One, Format.Turnover);

    /// <summary>Writes a scale-8 number with exactly so many decimals; further ones are cut off.</summary>
    public FrameBuilder Decimal(long value, int decimals = FixedPoint.Scale)
    {
        if (value < 0)
        {
            return Text("-"u8).Decimal(-value, decimals);
        }

        var (whole, fraction) = Math.DivRem((ulong)value, (ulong)FixedPoint.One);
        return Integer((long)whole).Fraction((long)fraction, decimals);
    }

    /// <summary>As above, for sums.</summary>
    public FrameBuilder Decimal(Int128 value, int decimals = FixedPoint.Scale)
    {
        if ((long)value == value)
        {
            return Decimal((long)value, decimals);
        }

        var (whole, fraction) = Int128.DivRem(value, FixedPoint.One);
        whole.TryFormat(Room(LongestNumber), out var length, default, CultureInfo.InvariantCulture);
        _end += length;
        return Fraction((long)fraction, decimals);
    }

    /// <summary>Writes <c>value × 10^-scale</c> without trailing zeros.</summary>
    public FrameBuilder Trimmed(Int128 value, int scale = FixedPoint.Scale)
    {
        _end += TrimmedText.Write(value, scale, Room(TrimmedText.Longest));
        return this;
    }

    public FrameBuilder Flag(bool value) => Text(value ? "true"u8 : "false"u8);

    /// <summary>The payload alone.</summary>
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
        var payload = Payload;
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

    private FrameBuilder Fraction(long fraction, int decimals)
    {
        if (decimals > 0)
        {
            var room = Room(LongestNumber);
            room[0] = (byte)'.';
            Utf8Formatter.TryFormat(fraction / Tens[FixedPoint.Scale - decimals], room[1..], out _, new('D', (byte)decimals));
            _end += 1 + decimals;
        }

        return this;
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
