using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>
/// The properties of one JSON object, taken strictly: each must be there and of its kind, and at the <see cref="End"/> none may be left.
/// </summary>
/// <param name="path">Where the object stands, for messages.</param>
internal sealed class RecordFields(JsonElement element, string path)
{
    // Sums and products have more digits than a price may have.
    private const int MaxWideScale = 2 * Number.MaxScale;

    private int _taken;

    /// <summary>Reads one whole value.</summary>
    /// <param name="name">Kind of the record, for messages.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> value, string name, Func<RecordFields, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            var fields = new RecordFields(json.RootElement, name);
            var record = read(fields);
            fields.End();
            return record;
        }
        catch (JsonException exception)
        {
            throw new RecordFormatException($"{name}: no JSON: {exception.Message}", exception);
        }
    }

    public string Text(string property) => Get(property, JsonValueKind.String).GetString()!;

    public string? TextOrNull(string property) => IsNull(property) ? null : Text(property);

    /// <summary>A text that is not empty.</summary>
    public string Name(string property) => Text(property) is { Length: > 0 } text ? text : throw Wrong(property, "is empty");

    public bool Flag(string property) => Take(property) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
        ? flag.GetBoolean()
        : throw Wrong(property, "is neither true nor false");

    public long Integer(string property, long least = 0) => IntegerOf(Get(property, JsonValueKind.Number), property, least);

    public long? IntegerOrNull(string property) => IsNull(property) ? null : Integer(property);

    /// <summary>Null when the property is not there.</summary>
    public long? IntegerIfThere(string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out _) ? Integer(property) : null;

    public WideNumber? WideOrNull(string property) => IsNull(property) ? null : Wide(property);

    public int Small(string property) => Integer(property) is <= int.MaxValue and var value ? (int)value : throw Wrong(property, "is too large");

    public Number Decimal(string property)
    {
        var text = Text(property);
        return Number.TryParse(text, out var number) ? number : throw Wrong(property, $"'{text}' is no decimal number");
    }

    public Number? DecimalOrNull(string property) => IsNull(property) ? null : Decimal(property);

    /// <summary>A decimal of any length that 128 bits hold.</summary>
    public WideNumber Wide(string property)
    {
        var text = Text(property);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var scale = point < 0 ? 0 : text.Length - point - 1;
        var digits = point < 0 ? text : text.Remove(point, 1);
        var isWellFormed = point != 0 && (point < 0 || scale > 0) && scale <= MaxWideScale && !digits.StartsWith('+');
        return isWellFormed && Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa)
            ? new WideNumber(mantissa, scale)
            : throw Wrong(property, $"'{text}' is no decimal number");
    }

    /// <summary>One of the names of an enumeration.</summary>
    public T Choice<T>(string property, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = Text(property);
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        throw Wrong(property, $"there is no '{text}'");
    }

    public IReadOnlyList<T> List<T>(string property, Func<RecordFields, T> read)
    {
        var items = new List<T>();
        foreach (var item in Get(property, JsonValueKind.Array).EnumerateArray())
        {
            var fields = new RecordFields(item, $"{path}.{property}[{items.Count}]");
            items.Add(read(fields));
            fields.End();
        }

        return items;
    }

    public IReadOnlyList<long> Integers(string property) =>
        [.. Get(property, JsonValueKind.Array).EnumerateArray().Select(item => IntegerOf(item, property, long.MinValue))];

    public IReadOnlyList<Number?> DecimalsOrNull(string property)
    {
        var values = new List<Number?>();
        foreach (var item in Get(property, JsonValueKind.Array).EnumerateArray())
        {
            Number number = default;
            if (item.ValueKind != JsonValueKind.Null && (item.ValueKind != JsonValueKind.String || !Number.TryParse(item.GetString()!, out number)))
            {
                throw Wrong(property, $"{item.GetRawText()} is no decimal number");
            }

            values.Add(item.ValueKind == JsonValueKind.Null ? null : number);
        }

        return values;
    }

    /// <summary>Ranges as <c>[[first,last],…]</c>, rising.</summary>
    public IReadOnlyList<IdRange> Ranges(string property)
    {
        var ranges = new List<IdRange>();
        foreach (var item in Get(property, JsonValueKind.Array).EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 2)
            {
                throw Wrong(property, $"{item.GetRawText()} is no range");
            }

            var range = new IdRange(IntegerOf(item[0], property, 0), IntegerOf(item[1], property, 0));
            if (range.Last < range.First || (ranges.Count > 0 && range.First <= ranges[^1].Last))
            {
                throw Wrong(property, "the ranges do not rise");
            }

            ranges.Add(range);
        }

        return ranges;
    }

    public T? ObjectOrNull<T>(string property, Func<RecordFields, T> read)
        where T : class
    {
        if (IsNull(property))
        {
            return null;
        }

        var fields = new RecordFields(Take(property), $"{path}.{property}");
        var value = read(fields);
        fields.End();
        return value;
    }

    public RecordFormatException Wrong(string property, string what) => new($"{path}: {property}: {what}.");

    /// <summary>Nothing that was not asked for is there.</summary>
    private void End()
    {
        var count = element.EnumerateObject().Count();
        if (count != _taken)
        {
            throw new RecordFormatException($"{path}: there are {count} properties, and {_taken} are known.");
        }
    }

    /// <summary>True when the property is null; it counts as taken then.</summary>
    private bool IsNull(string property)
    {
        var isNull = Take(property).ValueKind == JsonValueKind.Null;
        _taken -= isNull ? 0 : 1;
        return isNull;
    }

    private JsonElement Get(string property, JsonValueKind kind) =>
        Take(property) is var value && value.ValueKind == kind ? value : throw Wrong(property, $"is no {kind}");

    private JsonElement Take(string property)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(property, out var value))
        {
            throw Wrong(property, "is missing");
        }

        _taken++;
        return value;
    }

    private long IntegerOf(JsonElement value, string property, long least) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var integer) && integer >= least
            ? integer
            : throw Wrong(property, $"{value.GetRawText()} is no integer of {least} or more");
}
