using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.SocketIo;

/// <summary>One argument of an event: text, number, flag, JSON or bytes.</summary>
public readonly struct IoValue
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Kind _kind;
    private readonly object? _value;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly double _number;
    private readonly long _integer;

    private IoValue(Kind kind, object? value = null, ReadOnlyMemory<byte> bytes = default, double number = 0, long integer = 0)
    {
        _kind = kind;
        _value = value;
        _bytes = bytes;
        _number = number;
        _integer = integer;
    }

    private enum Kind
    {
        Null,
        Text,
        Integer,
        Number,
        Flag,
        Element,
        Json,
        Binary,
    }

    public static IoValue Null => default;

    public static implicit operator IoValue(string? text) => FromString(text);

    public static implicit operator IoValue(long number) => FromInt64(number);

    public static implicit operator IoValue(double number) => FromDouble(number);

    public static implicit operator IoValue(bool flag) => FromBoolean(flag);

    public static implicit operator IoValue(JsonElement element) => FromJsonElement(element);

    public static implicit operator IoValue(byte[] bytes) => Binary(bytes);

    public static IoValue FromString(string? text) => text is null ? Null : new(Kind.Text, text);

    public static IoValue FromInt64(long number) => new(Kind.Integer, integer: number);

    public static IoValue FromDouble(double number) => new(Kind.Number, number: number);

    public static IoValue FromBoolean(bool flag) => new(Kind.Flag, integer: flag ? 1 : 0);

    public static IoValue FromJsonElement(JsonElement element) => new(Kind.Element, element);

    /// <summary>UTF-8 JSON of one value, as it is.</summary>
    public static IoValue Json(ReadOnlyMemory<byte> utf8) => new(Kind.Json, bytes: utf8);

    /// <summary>Bytes, sent as an attachment.</summary>
    public static IoValue Binary(ReadOnlyMemory<byte> bytes) => new(Kind.Binary, bytes: bytes);

    internal static IoArguments Encode(ReadOnlySpan<IoValue> values)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var attachments = new List<ReadOnlyMemory<byte>>();
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartArray();
        foreach (var value in values)
        {
            value.WriteTo(writer, attachments);
        }

        writer.WriteEndArray();
        writer.Flush();
        return IoArguments.FromJson(buffer.WrittenMemory[1..^1], attachments);
    }

    private void WriteTo(Utf8JsonWriter writer, List<ReadOnlyMemory<byte>> attachments)
    {
        switch (_kind)
        {
            case Kind.Text:
                writer.WriteStringValue((string)_value!);
                break;
            case Kind.Integer:
                writer.WriteNumberValue(_integer);
                break;
            case Kind.Number:
                writer.WriteNumberValue(_number);
                break;
            case Kind.Flag:
                writer.WriteBooleanValue(_integer != 0);
                break;
            case Kind.Element:
                ((JsonElement)_value!).WriteTo(writer);
                break;
            case Kind.Json:
                writer.WriteRawValue(_bytes.Span);
                break;
            case Kind.Binary:
                writer.WriteStartObject();
                writer.WriteBoolean("_placeholder", true);
                writer.WriteNumber("num", attachments.Count);
                writer.WriteEndObject();
                attachments.Add(_bytes);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
