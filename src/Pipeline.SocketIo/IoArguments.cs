using System.Text.Json;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

/// <summary>
/// The arguments of an event or an acknowledgement: JSON values, and binary attachments that placeholders in them point at. What a client
/// sent is looked through but not read, so that it can be passed on as it is; its memory is lent for the time of the handler,
/// <see cref="Copy"/> keeps it.
/// </summary>
public sealed class IoArguments
{
    private readonly ReadOnlyMemory<byte>[]? _values;

    private IoArguments(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte>[]? values, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        Json = json;
        _values = values;
        Attachments = attachments;
    }

    public static IoArguments None { get; } = new(default, [], []);

    /// <summary>UTF-8 JSON of the values, separated by commas, without brackets; empty = no arguments.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Binary attachments, by the number in their placeholder.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; }

    /// <summary>Number of values.</summary>
    public int Count => Values.Length;

    private ReadOnlyMemory<byte>[] Values => _values ?? Split(Json);

    /// <summary>Arguments of values.</summary>
    public static IoArguments Of(params ReadOnlySpan<IoValue> values) => values.IsEmpty ? None : IoValue.Encode(values);

    /// <summary>Arguments that are encoded already. The memory is read when they are emitted, not later.</summary>
    /// <param name="json">UTF-8 JSON of the values, separated by commas, without brackets. It is not checked.</param>
    /// <param name="attachments">For values <c>{"_placeholder":true,"num":n}</c>; each must have one.</param>
    public static IoArguments FromJson(ReadOnlyMemory<byte> json, params IReadOnlyList<ReadOnlyMemory<byte>> attachments) =>
        new(json, null, attachments);

    /// <summary>UTF-8 JSON of a value; empty when there are not so many.</summary>
    public ReadOnlyMemory<byte> GetRaw(int index) => index >= 0 && index < Values.Length ? Values[index] : default;

    /// <summary>A value, read; undefined when there are not so many. It does not live on the lent memory.</summary>
    public JsonElement GetJson(int index)
    {
        var raw = GetRaw(index);
        if (raw.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(raw.Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>A value that is text; null when it is something else, or missing.</summary>
    public string? GetString(int index)
    {
        var raw = GetRaw(index);
        return raw.Length >= 2 && raw.Span[0] == (byte)'"' ? EventNames.Decode(raw.Span) : null;
    }

    /// <summary>A value that is binary.</summary>
    public bool TryGetBinary(int index, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (Attachments.Count == 0 || PayloadReader.PlaceholderOf(GetRaw(index).Span) is not { } number || number >= Attachments.Count)
        {
            return false;
        }

        bytes = Attachments[number];
        return true;
    }

    /// <summary>The same on memory of its own.</summary>
    public IoArguments Copy() => new(Json.ToArray(), null, [.. Attachments.Select(ReadOnlyMemory<byte> (one) => one.ToArray())]);

    /// <param name="values">Places in one piece of memory, one after the other.</param>
    internal static IoArguments Received(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] values, IReadOnlyList<ReadOnlyMemory<byte>> attachments) =>
        values.Length == 0 ? None : new IoArguments(Extent(payload, values), values, attachments);

    /// <summary>From the first value to the last, whatever is between them.</summary>
    private static ReadOnlyMemory<byte> Extent(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] values)
    {
        payload.Span.Overlaps(values[0].Span, out var start);
        payload.Span.Overlaps(values[^1].Span, out var last);
        return payload[start..(last + values[^1].Length)];
    }

    private static ReadOnlyMemory<byte>[] Split(ReadOnlyMemory<byte> json)
    {
        var array = new byte[json.Length + 2];
        array[0] = (byte)'[';
        json.CopyTo(array.AsMemory(1));
        array[^1] = (byte)']';
        var any = new PacketLimits { MaxJsonDepth = 1000 };
        return PayloadReader.TryReadArray(array, 0, any, int.MaxValue, out var values)
            ? values
            : throw new JsonException("The arguments are no JSON values separated by commas.");
    }
}
