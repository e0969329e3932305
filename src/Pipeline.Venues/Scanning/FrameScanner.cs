using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Scanning;

/// <summary>
/// Reads a frame by prediction: the caller says what must come next, the scanner verifies every byte of it. Any surprise clears
/// <see cref="Ok"/> for good, and the caller turns to the order-free reader, which decides what is right.
/// <para>
/// Needs <see cref="FrameSlab.Padding"/> readable bytes behind the frame: it loads eight bytes at a time and checks the end last,
/// with <see cref="End"/>.
/// </para>
/// </summary>
internal ref struct FrameScanner
{
    private readonly ref byte _start;
    private readonly int _length;
    private int _at;
    private bool _ok;

    public FrameScanner(ReadOnlySpan<byte> frame)
    {
        _start = ref MemoryMarshal.GetReference(frame);
        _length = frame.Length;
        _at = 0;
        _ok = true;
    }

    /// <summary>False once anything was not as predicted.</summary>
    public readonly bool Ok => _ok;

    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>The next byte, not consumed.</summary>
    public readonly byte Peek
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.Add(ref _start, _at);
    }

    /// <summary>True when everything matched and the frame ends exactly here.</summary>
    public readonly bool End => _ok && _at == _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Literal(ReadOnlySpan<byte> expected)
    {
        // The scanner stops advancing once it failed, and literals are shorter than the padding: no load leaves the slab.
        if (!_ok || _at > _length || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), expected.Length).SequenceEqual(expected))
        {
            _ok = false;
            return;
        }

        _at += expected.Length;
    }

    /// <summary>Consumes the literal if it comes next; tells whether it did and never fails.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLiteral(ReadOnlySpan<byte> expected)
    {
        if (!_ok || _at > _length || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), expected.Length).SequenceEqual(expected))
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    /// <summary>Skips text up to the next quote and the quote itself; fails on anything but plain ASCII of 1 to 63 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Text()
    {
        if (!_ok || _at >= _length)
        {
            _ok = false;
            return default;
        }

        var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), Math.Min(FrameSlab.Padding, _length - _at));
        var quote = rest.IndexOf((byte)'"');
        if (quote <= 0)
        {
            _ok = false;
            return default;
        }

        // Beyond plain ASCII the bytes would have to be proven UTF-8; that, like an escape, is the order-free reader's work.
        var text = rest[..quote];
        _ok &= !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text.Contains((byte)'\\');
        _at += quote + 1;
        return text;
    }

    /// <summary>An unsigned integer of up to 18 digits without leading zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Integer()
    {
        if (!_ok || _at >= _length)
        {
            _ok = false;
            return 0;
        }

        var chunk = Load(_at);
        var digits = DigitCount(chunk);
        _ok &= digits > 0 && (Peek != (byte)'0' || digits == 1);
        var value = (long)Convert(chunk, digits);
        _at += digits;
        if (digits == 8)
        {
            value = RestOfInteger(value);
        }

        return value;
    }

    /// <summary>A decimal in quotes, the opening quote already consumed; consumes the closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Number Decimal()
    {
        if (!_ok || _at >= _length)
        {
            _ok = false;
            return default;
        }

        var start = _at;
        var chunk = Load(_at);
        var digits = DigitCount(chunk);
        _ok &= digits is > 0 and <= 8;
        var mantissa = (long)Convert(chunk, digits);
        _at += digits;
        var scale = 0;
        if (digits == 8 && Peek is >= (byte)'0' and <= (byte)'9')
        {
            mantissa = RestOfInteger(mantissa);
            if (mantissa >= 10_000_000_000)
            {
                return LongDecimal(start);
            }
        }

        if (Peek == (byte)'.')
        {
            chunk = Load(_at + 1);
            digits = DigitCount(chunk);
            _ok &= digits > 0;
            _at += digits + 1;

            // Trailing zeros are dropped before converting: digit values with the last digit on top, zero digits are leading zero bytes.
            var values = (chunk ^ 0x3030303030303030ul) << ((8 - digits) << 3);
            var zeros = digits == 0 || values == 0 ? digits : BitOperations.LeadingZeroCount(values) >> 3;
            scale = digits - zeros;
            mantissa = (mantissa * PowersOfTen[scale]) + (long)Convert(chunk, scale);
        }

        if (Peek != (byte)'"')
        {
            return LongDecimal(start);
        }

        _at++;
        return Number.FromNormalized(mantissa, scale);
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Boolean()
    {
        if (Peek == (byte)'t')
        {
            Literal("true"u8);
            return true;
        }

        Literal("false"u8);
        return false;
    }

    /// <summary>Levels <c>[["price","quantity"],…]</c>, appended to <paramref name="into"/>; returns how many.</summary>
    public int Levels(ValueList<BookLevel> into)
    {
        Literal("["u8);
        if (TryLiteral("]"u8))
        {
            return 0;
        }

        var count = 0;
        while (_ok)
        {
            Literal("[\""u8);
            var price = Decimal();
            Literal(",\""u8);
            var quantity = Decimal();
            Literal("]"u8);
            into.Add(new BookLevel(price, quantity));
            count++;
            if (TryLiteral(","u8))
            {
                continue;
            }

            Literal("]"u8);
            break;
        }

        return count;
    }

    /// <summary>
    /// Levels with members behind price and quantity, <c>[["price","quantity","0","4"],…]</c>, appended to <paramref name="into"/>;
    /// returns how many. Further members are quoted text of any number, none as well.
    /// </summary>
    public int WideLevels(ValueList<BookLevel> into)
    {
        Literal("["u8);
        if (TryLiteral("]"u8))
        {
            return 0;
        }

        var count = 0;
        while (_ok)
        {
            into.Add(WideLevel());
            count++;
            if (TryLiteral(","u8))
            {
                continue;
            }

            Literal("]"u8);
            break;
        }

        return count;
    }

    /// <summary>One level <c>["price","quantity",…]</c>, whatever quoted text follows the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BookLevel WideLevel()
    {
        Literal("[\""u8);
        var price = Decimal();
        Literal(",\""u8);
        var quantity = Decimal();
        if (TryLiteral(",\"0\",\""u8))
        {
            Integer();
            Literal("\""u8);
        }

        while (!TryLiteral("]"u8) && _ok)
        {
            Literal(",\""u8);
            Text();
        }

        return new BookLevel(price, quantity);
    }

    /// <summary>
    /// The name of a member and the colon behind it, packed by <see cref="FieldName"/>; 0 when there is none. Names outside plain ASCII
    /// fail: what they mean is the order-free reader's to say.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Name()
    {
        if (!_ok || _at >= _length || Peek != (byte)'"')
        {
            _ok = false;
            return 0;
        }

        // The first byte equal to a quote: subtracting borrows where a byte is zero, and the lowest borrow is exact.
        var chunk = Load(_at + 1);
        var quotes = chunk ^ 0x2222222222222222ul;
        quotes = (quotes - 0x0101010101010101ul) & ~quotes & 0x8080808080808080ul;
        if (quotes == 0)
        {
            return LongName();
        }

        var length = BitOperations.TrailingZeroCount(quotes) >> 3;
        var bits = length << 3;
        var name = chunk & ((1ul << bits) - 1);
        _ok &= length > 0 && IsPlain(name | (0x3030303030303030ul << bits)) && Unsafe.Add(ref _start, _at + length + 2) == (byte)':';
        _at += length + 3;
        return name | ((ulong)length << 56);
    }

    /// <summary>Passes over a value that is not needed: quoted plain text, an integer, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public void Skip()
    {
        switch (Peek)
        {
            case (byte)'"':
                _at++;
                if (!TryLiteral("\""u8))
                {
                    Text();
                }

                break;
            case (byte)'t' or (byte)'f':
                Boolean();
                break;
            case (byte)'n':
                Literal("null"u8);
                break;
            case (byte)'-':
                _at++;
                Integer();
                break;
            default:
                Integer();
                break;
        }
    }

    /// <summary>Whether another member follows; consumes the comma, or the brace that ends the object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Another()
    {
        if (_ok && _at < _length && Peek == (byte)',')
        {
            _at++;
            return true;
        }

        Literal("}"u8);
        return false;
    }

    /// <summary>Whether each of eight bytes is plain ASCII, neither control nor backslash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(ulong bytes)
    {
        var slashes = bytes ^ 0x5C5C5C5C5C5C5C5Cul;
        slashes = (slashes - 0x0101010101010101ul) & ~slashes;
        var controls = bytes - 0x2020202020202020ul;
        return ((slashes | controls | bytes) & 0x8080808080808080ul) == 0;
    }

    /// <summary>A name of more than seven bytes: its first seven and its length, which <see cref="FieldName"/> packs alike.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LongName()
    {
        _at++;
        var name = Text();
        Literal(":"u8);
        return _ok ? FieldName.Pack(name) : 0;
    }

    /// <summary>Leading ASCII digits among eight bytes, first byte lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DigitCount(ulong chunk)
    {
        // A digit xor '0' is at most 9: adding 0x76 sets the top bit of every byte above it; bytes with the top bit set are none either.
        var values = chunk ^ 0x3030303030303030ul;
        var others = (((values & 0x7F7F7F7F7F7F7F7Ful) + 0x7676767676767676ul) | values) & 0x8080808080808080ul;
        return others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
    }

    /// <summary>Value of the first <paramref name="digits"/> ASCII digits (0 to 8) of eight bytes, by three multiplications.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Convert(ulong chunk, int digits)
    {
        if (digits == 0)
        {
            return 0;
        }

        var values = (chunk ^ 0x3030303030303030ul) << ((8 - digits) << 3);
        values = (values * 10) + (values >> 8);
        return (((values & 0x000000FF000000FFul) * 0x000F424000000064ul) + (((values >> 16) & 0x000000FF000000FFul) * 0x0000271000000001ul)) >> 32;
    }

    /// <summary>A decimal too long for the quick way: more than ten digits before the point or eight behind it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Number LongDecimal(int start)
    {
        _at = start;
        _ok &= Number.TryParse(Text(), out var number);
        return number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Load(int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, at));

    /// <summary>Digits behind the first eight, at most ten more.</summary>
    private long RestOfInteger(long value)
    {
        for (var more = 0; Peek is >= (byte)'0' and <= (byte)'9'; more++)
        {
            if (more == 10)
            {
                _ok = false;
                return 0;
            }

            value = (value * 10) + (Peek - '0');
            _at++;
        }

        return value;
    }
}
