using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.instruments</c>.</summary>
public static class InstrumentRecordReader
{
    /// <summary>Null when the value is no such record.</summary>
    public static InstrumentRecord? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return Read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static InstrumentRecord Read(JsonElement record)
    {
        var info = new InstrumentInfo(
            Text(record, "venue"),
            Text(record, "instrument"),
            Text(record, "symbol"),
            KindOf(Text(record, "kind")),
            Text(record, "base"),
            Text(record, "quote"),
            Decimal(record, "priceStep"),
            Decimal(record, "quantityStep"),
            Decimal(record, "contractSize"),
            StatusOf(Text(record, "status")));
        string[] aliases = [.. record.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()!)];
        return new InstrumentRecord(info, aliases, record.GetProperty("revision").GetInt32(), record.GetProperty("updatedTime").GetInt64());
    }

    private static string Text(JsonElement record, string property) =>
        record.GetProperty(property).GetString() ?? throw new FormatException($"{property} is null.");

    private static Number? Decimal(JsonElement record, string property) =>
        record.GetProperty(property).GetString() is { } text ? Number.Parse(text) : null;

    private static InstrumentKind KindOf(string text) => text switch
    {
        "spot" => InstrumentKind.Spot,
        "perpetual" => InstrumentKind.Perpetual,
        "token" => InstrumentKind.Token,
        _ => throw new FormatException($"There is no kind {text}."),
    };

    private static InstrumentStatus StatusOf(string text) => text switch
    {
        "trading" => InstrumentStatus.Trading,
        "halted" => InstrumentStatus.Halted,
        "pre-open" => InstrumentStatus.PreOpen,
        "delisted" => InstrumentStatus.Delisted,
        _ => throw new FormatException($"There is no status {text}."),
    };
}
