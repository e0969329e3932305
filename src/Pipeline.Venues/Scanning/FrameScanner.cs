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
/// Needs <see cref="FrameSlab.Padding"/> readable bytes behind the frame: it loads up to 32 bytes at a time and checks the end last,
/// with <see cref="End"/>. Nothing is loaded from further behind the frame's end than one literal and one value.
/// </para>
/// <para>
/// Two registers wide: readers pass it by value and keep it in a local, where the compiler holds it in registers. Behind a reference
/// every step would go through memory.
/// </para>
/// </summary>
internal ref struct FrameScanner
{
    private readonly ref byte _start;

    /// <summary>Bytes of the frame; -1 once anything was not as predicted, so that one comparison tells both.</summary>
    private int _length;
    private int _at;

    public FrameScanner(ReadOnlySpan<byte> frame)
    {
        _start = ref MemoryMarshal.GetReference(frame);
        _length = frame.Length;
        _at = 0;
    }

    private FrameScanner(ref byte start, int length, int at)
    {
        _start = ref start;
        _length = length;
        _at = at;
    }

    /// <summary>False once anything was not as predicted.</summary>
    public readonly bool Ok => _length >= 0;

    /// <summary>The next byte, not consumed; 0 at the end.</summary>
    public readonly byte Peek
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _at < _length ? Unsafe.Add(ref _start, _at) : (byte)0;
    }

    /// <summary>Place of the next byte in the frame.</summary>
    public readonly int At => _at;

    /// <summary>True when everything matched and the frame ends exactly here.</summary>
    public readonly bool End => _at == _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Literal(ReadOnlySpan<byte> expected)
    {
        if (!TryLiteral(expected))
        {
            Fail();
        }
    }

    /// <summary>Consumes the literal if it comes next; tells whether it did and never fails.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLiteral(ReadOnlySpan<byte> expected)
    {
        // Literals are shorter than the padding: no load leaves the slab.
        if (_at > _length || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), expected.Length).SequenceEqual(expected))
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
        if (_at >= _length)
        {
            Fail();
            return default;
        }

        // Beyond plain ASCII the bytes would have to be proven UTF-8; that, like an escape, is the order-free reader's work.
        var chunk = Vector256.LoadUnsafe(ref _start, (nuint)_at);
        var quotes = Vector256.Equals(chunk, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
        var plain = Vector256.LessThanOrEqual(chunk - Vector256.Create((byte)' '), Vector256.Create((byte)('~' - ' ')));
        var others = (~plain | Vector256.Equals(chunk, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
        if (quotes == 0)
        {
            var found = LongText(ref _start, _at, _length, longest, out var isWell);
            _at += found.Length + 1;
            if (!isWell)
            {
                Fail();
            }

            return found;
        }

        // The bits below the quote's: none of them may be of another kind, and the first byte may not be the quote.
        var before = quotes ^ (quotes - 1);
        var quote = BitOperations.TrailingZeroCount(quotes);
        var text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), quote);
        _at += quote + 1;
        if (quote == 0 || (others & before) != 0)
        {
            Fail();
        }

        return text;
    }

    /// <summary>Consumes the text and its closing quote if they come next; tells whether they did and never fails.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryText(ReadOnlySpan<byte> expected)
    {
        if (_at > _length || expected.Length >= FrameSlab.Padding || Unsafe.Add(ref _start, _at + expected.Length) != (byte)'"'
            || !ShortText.AreEqual(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _start, _at), expected.Length), expected))
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

    /// <summary>Consumes a member's name of one letter, its quotes and the colon; 0, and nothing consumed, when none comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LetterName()
    {
        const uint Around = '"' | ('"' << 16) | ((uint)':' << 24);
        if (_at > _length)
        {
            return 0;
        }

        var chunk = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref _start, _at));
        var letter = (int)(chunk >> 8) & 0xFF;
        if ((chunk & 0xFFFF00FF) != Around || (uint)((letter | 0x20) - 'a') > 'z' - 'a')
        {
            return 0;
        }

        _at += 4;
        return letter;
    }

    /// <summary>An unsigned integer of up to 18 digits without leading zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Integer()
    {
        if (_at >= _length)
        {
            Fail();
            return 0;
        }

        var values = Vector128.LoadUnsafe(ref _start, (nuint)_at) - Vector128.Create((byte)'0');
        var others = Vector128.GreaterThan(values, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        var digits = BitOperations.TrailingZeroCount(others | 0x10000);
        if (digits == 0 || (values.ToScalar() == 0 && digits > 1))
        {
            Fail();
            return 0;
        }

        _at += digits;
        if (digits < 16)
        {
            return AsciiDigits.Value(AsciiDigits.AlignRight(values, digits));
        }

        var value = RestOfInteger(ref _start, AsciiDigits.Value(values), _at, out var end, out var isWell);
        _at = end;
        if (!isWell)
        {
            Fail();
        }

        return value;
    }

    /// <summary>A decimal in quotes, the opening quote already consumed; consumes the closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Number Decimal()
    {
        if (_at >= _length)
        {
            Fail();
            return default;
        }

        // Bit i of a mask is byte i of the text; those behind the closing quote count nowhere.
        var chunk = Vector128.LoadUnsafe(ref _start, (nuint)_at);
        var values = chunk - Vector128.Create((byte)'0');
        var quotes = Vector128.Equals(chunk, Vector128.Create((byte)'"')).ExtractMostSignificantBits();
        var others = Vector128.GreaterThan(values, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        var inside = (quotes ^ (quotes - 1)) >> 1;
        var length = BitOperations.TrailingZeroCount(quotes);

        // All digits but at most one byte, which must be a point with digits around it; without one it is thought behind the last digit.
        var points = Vector128.Equals(chunk, Vector128.Create((byte)'.')).ExtractMostSignificantBits() & inside;
        if (quotes == 0 || (others & inside) != points || (points & (points - 1)) != 0 || (points & (1 | ((inside + 1) >> 1))) != 0 || length == 0)
        {
            // Longer than a vector, or no decimal.
            return LongDecimal();
        }

        _at += length + 1;

        // Zeros at the end count nothing: the last byte behind the point that is none, or the point itself, ends what is read.
        var significant = Vector128.GreaterThan(values, Vector128<byte>.Zero).ExtractMostSignificantBits() & inside;
        points |= points == 0 ? inside + 1 : 0;
        significant |= points;
        var end = 32 - BitOperations.LeadingZeroCount(significant);
        var scale = end - 1 - BitOperations.TrailingZeroCount(points);
        return Number.FromNormalized(AsciiDigits.Value(AsciiDigits.AlignRightWithoutPoint(values, end, scale)), scale);
    }

    /// <summary>As <see cref="Decimal"/>, perhaps with a minus in front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Number SignedDecimal()
    {
        var isNegative = TryLiteral("-"u8);
        var number = Decimal();
        return isNegative ? Number.FromNormalized(-number.Mantissa, number.Scale) : number;
    }

    /// <summary><c>true</c> or <c>false</c>, told without a branch: which of them comes nobody can predict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Boolean()
    {
        const ulong True = 't' | ('r' << 8) | ('u' << 16) | ((ulong)'e' << 24);
        const ulong False = 'f' | ('a' << 8) | ('l' << 16) | ((ulong)'s' << 24) | ((ulong)'e' << 32);
        return OneOf(True, 4, False);
    }

    /// <summary><c>buy</c> or <c>sell</c> with its closing quote, told without a branch as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Buys()
    {
        const ulong Buy = 'b' | ('u' << 8) | ('y' << 16) | ((ulong)'"' << 24);
        const ulong Sell = 's' | ('e' << 8) | ('l' << 16) | ((ulong)'l' << 24) | ((ulong)'"' << 32);
        return OneOf(Buy, 4, Sell);
    }

    /// <summary>Levels <c>[["price","quantity"],…]</c>, appended to <paramref name="into"/>; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Levels(ValueList<BookLevel> into)
    {
        this = ReadLevels(this, into, out var count);
        return count;
    }

    /// <summary>
    /// Levels with members behind price and quantity, <c>[["price","quantity","0","4"],…]</c>, appended to <paramref name="into"/>;
    /// returns how many. Further members are quoted text of any number, none as well.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int WideLevels(ValueList<BookLevel> into)
    {
        this = ReadWideLevels(this, into, out var count);
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
        SkipMembers();
        Literal("]"u8);
        return new BookLevel(price, quantity);
    }

    private static FrameScanner ReadLevels(FrameScanner scan, ValueList<BookLevel> into, out int count)
    {
        count = 0;
        if (scan.TryLiteral("[]"u8))
        {
            return scan;
        }

        scan.Literal("[[\""u8);
        while (scan.Ok)
        {
            var price = scan.Decimal();
            scan.Literal(",\""u8);
            var quantity = scan.Decimal();
            into.Add(new BookLevel(price, quantity));
            count++;
            if (!scan.TryLiteral("],[\""u8))
            {
                scan.Literal("]]"u8);
                break;
            }
        }

        return scan;
    }

    private static FrameScanner ReadWideLevels(FrameScanner scan, ValueList<BookLevel> into, out int count)
    {
        count = 0;
        if (scan.TryLiteral("[]"u8))
        {
            return scan;
        }

        scan.Literal("[[\""u8);
        while (scan.Ok)
        {
            var price = scan.Decimal();
            scan.Literal(",\""u8);
            var quantity = scan.Decimal();
            into.Add(new BookLevel(price, quantity));
            count++;
            scan.SkipMembers();
            if (!scan.TryLiteral("],[\""u8))
            {
                scan.Literal("]]"u8);
                break;
            }
        }

        return scan;
    }

    /// <summary>The rest of a level up to its bracket: nothing, or quoted members; almost always <c>"0"</c> and a count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipMembers()
    {
        if (TryLiteral(",\"0\",\""u8))
        {
            var digits = AsciiDigits.CountOf(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, _at)));
            if (digits is > 0 and < 8 && Unsafe.Add(ref _start, _at + digits) == (byte)'"')
            {
                _at += digits + 1;
                return;
            }

            _at -= ",\"0\",\""u8.Length;
        }

        this = SkipMembers(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FrameScanner SkipMembers(FrameScanner scan)
    {
        while (scan.TryLiteral(",\""u8))
        {
            scan.Text();
        }

        return scan;
    }

    /// <summary>True for the first of two literals of which the second is a byte longer; fails when it is neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool OneOf(ulong first, int length, ulong second)
    {
        if (_at > _length)
        {
            Fail();
            return false;
        }

        var chunk = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, _at));
        var isFirst = (chunk & ((1ul << (length * 8)) - 1)) == first;
        var isSecond = (chunk & ((1ul << ((length + 1) * 8)) - 1)) == second;
        _at += length + 1 - Unsafe.BitCast<bool, byte>(isFirst);
        if (!(isFirst | isSecond))
        {
            Fail();
        }

        return isFirst;
    }

    private void Fail() => _length = -1;

    /// <summary>A decimal too long for the quick way, if it is one at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Number LongDecimal()
    {
        var number = ReadLongDecimal(this, out var after);
        this = after;
        return number;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Number ReadLongDecimal(FrameScanner scan, out FrameScanner after)
    {
        var text = LongText(ref scan._start, scan._at, scan._length, FrameSlab.Padding - 1, out var isWell);
        scan._at += text.Length + 1;
        if (!Number.TryParse(text, out var number) || number.Mantissa < 0 || !isWell)
        {
            scan.Fail();
        }

        after = scan;
        return number;
    }

    /// <summary>Text that does not end among the next 32 bytes; empty and not well when there is none such as <see cref="Text"/> takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> LongText(ref byte start, int at, int length, int longest, out bool isWell)
    {
        var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, at), Math.Min(longest + 1, length - at));
        var quote = rest.IndexOf((byte)'"');
        var text = quote > 0 ? rest[..quote] : default;
        isWell = quote > 0 && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text.Contains((byte)'\\');
        return text;
    }

    /// <summary>Digits behind the first sixteen, at most two more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long RestOfInteger(ref byte start, long value, int at, out int end, out bool isWell)
    {
        for (end = at; Unsafe.Add(ref start, end) is >= (byte)'0' and <= (byte)'9'; end++)
        {
            if (end == at + 2)
            {
                isWell = false;
                return 0;
            }

            value = (value * 10) + (Unsafe.Add(ref start, end) - '0');
        }

        isWell = true;
        return value;
    }
}
