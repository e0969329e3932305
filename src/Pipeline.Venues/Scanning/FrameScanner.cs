using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Place of the next byte in the frame.</summary>
    public readonly int At => _at;

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
    public ReadOnlySpan<byte> Text() => Text(FrameSlab.Padding - 1);

    /// <summary>As <see cref="Text()"/>, of up to <paramref name="longest"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Text(int longest)
    {
        if (!_ok || _at >= _length)
        {
            _ok = false;
            return default;
        }

        // Beyond plain ASCII the bytes would have to be proven UTF-8; that, like an escape, is the order-free reader's work.
        var chunk = Vector256.LoadUnsafe(ref _start, (nuint)_at);
        var quotes = Vector256.Equals(chunk, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
        var plain = Vector256.LessThanOrEqual(chunk - Vector256.Create((byte)' '), Vector256.Create((byte)('~' - ' ')));
        var others = (~plain | Vector256.Equals(chunk, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
        var quote = BitOperations.TrailingZeroCount(quotes);
        if (quote == 32)
        {
            var found = LongText(ref _start, _at, _length, longest, out var isWell);
            _ok &= isWell;
            _at += found.Length + 1;
            return found;
        }

        _ok &= quote > 0 && (others & ((1u << quote) - 1)) == 0;
        var text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), quote);
        _at += quote + 1;
        return text;
    }

    /// <summary>As <see cref="Literal"/>, for up to two bytes, the first one lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Short(int expected, int length) => _ok = TryShort(expected, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryShort(int expected, int length)
    {
        if (!_ok || _at > _length || ((int)Load(_at) & (length == 1 ? 0xFF : 0xFFFF)) != expected)
        {
            return false;
        }

        _at += length;
        return true;
    }

    /// <summary>Consumes the text and its closing quote if they come next; tells whether they did and never fails.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryText(ReadOnlySpan<byte> expected)
    {
        if (!_ok || _at > _length || expected.Length >= FrameSlab.Padding || Unsafe.Add(ref _start, _at + expected.Length) != (byte)'"'
            || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), expected.Length).SequenceEqual(expected))
        {
            return false;
        }

        _at += expected.Length + 1;
        return true;
    }

    /// <summary>Goes on at another place of the frame, for callers that verify by themselves what they jump over.</summary>
    public void Seek(int at) => _at = at;

    /// <summary>The name of a member, its quotes and the colon behind it included in what is consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Name()
    {
        Literal("\""u8);
        var name = Text();
        Literal(":"u8);
        return name;
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
            value = RestOfInteger(ref _start, value, _at, out var end, out var isWell);
            _at = end;
            _ok &= isWell;
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
            mantissa = RestOfInteger(ref _start, mantissa, _at, out var end, out var isWell);
            _at = end;
            if (!isWell || mantissa >= 10_000_000_000)
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

    /// <summary><c>buy</c> or <c>sell</c> with its closing quote, told without a branch: which of them comes nobody can predict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Buys()
    {
        const ulong Buy = 'b' | ('u' << 8) | ('y' << 16) | ((ulong)'"' << 24);
        const ulong Sell = 's' | ('e' << 8) | ('l' << 16) | ((ulong)'l' << 24) | ((ulong)'"' << 32);
        if (!_ok || _at > _length)
        {
            _ok = false;
            return false;
        }

        var chunk = Load(_at);
        var buys = (chunk & 0xFFFFFFFF) == Buy;
        _ok &= buys | (chunk & 0xFFFFFFFFFF) == Sell;
        _at += 5 - Unsafe.BitCast<bool, byte>(buys);
        return buys;
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
        // On a copy: a sixth faster than through the reference, measured on books of 20 levels.
        var scan = this;
        scan.Short('[', 1);
        var count = 0;
        if (!scan.TryShort(']', 1))
        {
            do
            {
                into.Add(scan.WideLevel());
                count++;
            }
            while (scan.TryShort(',', 1));

            scan.Short(']', 1);
        }

        this = scan;
        return count;
    }

    /// <summary>One level <c>["price","quantity",…]</c>, whatever quoted text follows the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BookLevel WideLevel()
    {
        Short('[' | ('"' << 8), 2);
        var price = Decimal();
        Short(',' | ('"' << 8), 2);
        var quantity = Decimal();
        SkipMembers();
        return new BookLevel(price, quantity);
    }

    /// <summary>The rest of a level: nothing, or quoted members; almost always <c>"0"</c> and a count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipMembers()
    {
        const ulong Zero = ',' | ('"' << 8) | ('0' << 16) | ((ulong)'"' << 24) | ((ulong)',' << 32) | ((ulong)'"' << 40);
        if (_ok && _at <= _length && (Load(_at) & 0xFFFFFFFFFFFF) == Zero)
        {
            var chunk = Load(_at + 6);
            var digits = DigitCount(chunk);
            var end = chunk >> (digits << 3);
            if (digits is > 0 and < 7 && (end & 0xFFFF) == ('"' | (']' << 8)))
            {
                _at += digits + 8;
                return;
            }
        }

        _at = SkipMembers(ref _start, _at, _length, out var isWell);
        _ok &= isWell;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Number LongDecimal(int start)
    {
        var text = LongText(ref _start, start, _length, FrameSlab.Padding - 1, out var isWell);
        _at = start + text.Length + 1;
        var number = ParseLong(text, out var isNumber);
        _ok &= isWell && isNumber;
        return number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Load(int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, at));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SkipMembers(ref byte start, int at, int length, out bool isWell)
    {
        var scan = new FrameScanner(MemoryMarshal.CreateReadOnlySpan(ref start, length)) { _at = at };
        while (!scan.TryLiteral("]"u8) && scan._ok)
        {
            scan.Literal(",\""u8);
            scan.Text();
        }

        isWell = scan._ok;
        return scan._at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Number ParseLong(ReadOnlySpan<byte> text, out bool isWell)
    {
        isWell = Number.TryParse(text, out var number);
        return number;
    }

    /// <summary>Text whose end is not among the next 32 bytes; empty and not well when there is none such as <see cref="Text"/> takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> LongText(ref byte start, int at, int length, int longest, out bool isWell)
    {
        var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, at), Math.Min(longest + 1, length - at));
        var quote = rest.IndexOf((byte)'"');
        var text = quote > 0 ? rest[..quote] : default;
        isWell = quote > 0 && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text.Contains((byte)'\\');
        return text;
    }

    /// <summary>Digits behind the first eight, at most ten more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long RestOfInteger(ref byte start, long value, int at, out int end, out bool isWell)
    {
        var chunk = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
        var digits = DigitCount(chunk);
        value = (value * PowersOfTen[digits]) + (long)Convert(chunk, digits);
        end = at + digits;
        for (var more = 0; digits == 8 && Unsafe.Add(ref start, end) is >= (byte)'0' and <= (byte)'9'; more++)
        {
            if (more == 2)
            {
                isWell = false;
                return 0;
            }

            value = (value * 10) + (Unsafe.Add(ref start, end) - '0');
            end++;
        }

        isWell = true;
        return value;
    }
}
