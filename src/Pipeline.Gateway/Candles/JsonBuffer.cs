using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Candles;

/// <summary>Grows as JSON is written into it. For one thread.</summary>
internal sealed class JsonBuffer(int size = 1024)
{
    private const int LongestInteger = 20;

    private byte[] _bytes = new byte[size];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public JsonBuffer Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        _length += json.Length;
        return this;
    }

    public JsonBuffer Raw(byte one)
    {
        Room(1)[0] = one;
        _length++;
        return this;
    }

    public JsonBuffer Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(LongestInteger), out var written);
        _length += written;
        return this;
    }

    public JsonBuffer IntegerOrNull(long? value) => value is { } integer ? Integer(integer) : Raw("null"u8);

    public JsonBuffer Flag(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>A string of ours or a checked one: in quotes, escaped where JSON wants it.</summary>
    public JsonBuffer Text(string value) => Raw((byte)'"').Raw(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes).Raw((byte)'"');

    public JsonBuffer Texts(IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Raw(i == 0 ? (byte)'[' : (byte)',').Text(values[i]);
        }

        return values.Count == 0 ? Raw("[]"u8) : Raw((byte)']');
    }

    public JsonBuffer Integers(IEnumerable<long> values)
    {
        Raw((byte)'[');
        var isFirst = true;
        foreach (var value in values)
        {
            if (!isFirst)
            {
                Raw((byte)',');
            }

            isFirst = false;
            Integer(value);
        }

        return Raw((byte)']');
    }

    /// <summary>Decimal text as a number, or in quotes.</summary>
    public JsonBuffer Decimal(ReadOnlySpan<byte> text, bool isString) => isString ? Raw((byte)'"').Raw(text).Raw((byte)'"') : Raw(text);

    public JsonBuffer Decimal(Number number, bool isString)
    {
        Span<byte> text = stackalloc byte[Number.MaxLength];
        number.TryFormat(text, out var written);
        return Decimal(text[..written], isString);
    }

    public JsonBuffer Decimal(WideNumber number, bool isString)
    {
        Span<byte> text = stackalloc byte[WideNumber.MaxLength];
        number.TryFormat(text, out var written);
        return Decimal(text[..written], isString);
    }

    public void Clear() => _length = 0;

    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        return _bytes.AsSpan(_length);
    }
}
