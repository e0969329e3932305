using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Appends to a span that the caller has made large enough; running out of room is a bug and throws.</summary>
internal ref struct Utf8Writer(Span<byte> target)
{
    /// <summary>Longest text of a 64-bit integer.</summary>
    public const int MaxInteger = 20;

    /// <summary>A byte takes at most this many when escaped.</summary>
    public const int MaxEscape = 6;

    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _target[..Length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_target[Length..]);
        Length += text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Integer(long value)
    {
        Check(Utf8Formatter.TryFormat(value, _target[Length..], out var written));
        Length += written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Decimal(Number value)
    {
        Check(value.TryFormat(_target[Length..], out var written));
        Length += written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Decimal(in WideNumber value)
    {
        Check(value.TryFormat(_target[Length..], out var written));
        Length += written;
    }

    /// <summary>Text without the quotes around it, escaped as JSON asks; ill-formed UTF-8 becomes U+FFFD.</summary>
    public void Escaped(ReadOnlySpan<byte> text)
    {
        var status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, _target[Length..], out _, out var written);
        Check(status == OperationStatus.Done);
        Length += written;
    }

    public void Escaped(string text)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Escaped(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
    }

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Check(System.Buffers.Text.Base64.EncodeToUtf8(bytes, _target[Length..], out _, out var written) == OperationStatus.Done);
        Length += written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Check(bool fits)
    {
        if (!fits)
        {
            ThrowTooSmall();
        }
    }

    private static void ThrowTooSmall() =>
        throw new InvalidOperationException("A record outgrew the buffer made for it.");
}
