using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Reads values of <c>md.gaps</c>. Gaps are rare: this reader need not be fast.</summary>
public static class GapRowReader
{
    /// <summary>Null, or why the value is no gap.</summary>
    public static string? Read(ReadOnlyMemory<byte> value, out GapRow? row)
    {
        row = null;
        try
        {
            using var json = JsonDocument.Parse(value);
            row = Read(json.RootElement);
            return null;
        }
        catch (JsonException error)
        {
            return $"is no JSON at byte {error.BytePositionInLine}";
        }
        catch (KeyNotFoundException)
        {
            return "lacks a property";
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            return $"is no gap: {error.Message}";
        }
    }

    private static GapRow Read(JsonElement gap) => new(
        Text(gap, "venue"),
        Text(gap, "instrument"),
        gap.GetProperty("fromId").GetInt64(),
        gap.GetProperty("toId").GetInt64(),
        StateOf(Text(gap, "state")),
        Text(gap, "reason"),
        [.. gap.GetProperty("missing").EnumerateArray().Select(RangeOf)],
        LongOr(gap, "series", 0),
        LongOr(gap, "fromTime", 0),
        LongOr(gap, "toTime", 0),
        LongOr(gap, "openedTime", 0),
        LongOr(gap, "updatedTime", 0),
        !gap.TryGetProperty("announced", out var announced) || announced.GetBoolean(),
        LongOr(gap, "tradesOffset", -1));

    private static IdRange RangeOf(JsonElement range) => range.GetArrayLength() == 2
        ? new IdRange(range[0].GetInt64(), range[1].GetInt64())
        : throw new FormatException("a missing range is not two ids.");

    private static string Text(JsonElement gap, string property) =>
        gap.GetProperty(property).GetString() ?? throw new FormatException($"{property} is null.");

    private static long LongOr(JsonElement gap, string property, long otherwise) =>
        gap.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : otherwise;

    private static GapState StateOf(string text) => GapStateNames.TryParse(text, out var state) ? state : throw new FormatException($"there is no state {text}.");
}
