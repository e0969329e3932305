using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;

namespace Pipeline.Host.Tailing;

/// <summary>One readable line: time, key, and what the record says. What is not understood is shown as it is.</summary>
internal sealed class PlainRecordFormat : IRecordFormat
{
    private const int MaxRaw = 300;

    public string Format(KafkaRecord record)
    {
        if (record.Value is null)
        {
            return $"{Time(record.Timestamp)} {record.KeyText} deleted";
        }

        try
        {
            using var document = JsonDocument.Parse(record.Value);
            return Describe(record, document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return $"{Time(record.Timestamp)} {record.KeyText} {Cut(record.ValueText)}";
        }
    }

    private static string Describe(KafkaRecord record, JsonElement value)
    {
        var schema = record.Header("schema");
        return schema?.Split('/')[0] switch
        {
            "trade" => $"{Time(Long(value, "eventTime"))} {Name(value)} {Text(value, "side"),-4} {Text(value, "quantity")} at {Text(value, "price")}  "
                + $"id {Long(value, "id")}{Unless(Text(value, "source"), "live")}",
            "quote" => $"{Time(Long(value, "receivedTime"))} {Name(value)} {Text(value, "bid")} × {Text(value, "bidQuantity")}  |  "
                + $"{Text(value, "ask")} × {Text(value, "askQuantity")}{Minor(value)}",
            "candle" => $"{Time(Long(value, "openTime"))} {Name(value)} {Text(value, "interval"),-3} {Text(value, "state"),-7} "
                + $"O {Text(value, "open")} H {Text(value, "high")} L {Text(value, "low")} C {Text(value, "close")} V {Text(value, "volume")} "
                + $"({Long(value, "trades")} trades{(IsIncompleteFinal(value) ? ", not complete" : "")})",
            "book" => $"{Time(Long(value, "receivedTime"))} {Name(value)} {Text(value, "kind"),-8} {Long(value, "updateId")}  "
                + $"{Levels(value, "bids")}  |  {Levels(value, "asks")}{Minor(value)}",
            "ticker" => $"{Time(Long(value, "receivedTime"))} {Name(value)} last {Text(value, "last")} open {Text(value, "open")} "
                + $"high {Text(value, "high")} low {Text(value, "low")} volume {Text(value, "volume")}",
            "mark" => $"{Time(Long(value, "receivedTime"))} {Name(value)} mark {Text(value, "mark")} index {Text(value, "index", "unknown")}",
            "funding" => $"{Time(Long(value, "receivedTime"))} {Name(value)} funding {Text(value, "rate")}",
            "liquidation" => $"{Time(Long(value, "receivedTime"))} {Name(value)} liquidation {Text(value, "side"),-4} "
                + $"{Text(value, "quantity")} at {Text(value, "price")}",
            "price" => $"{Time(Long(value, "receivedTime"))} {Name(value)} {Text(value, "price")} {Text(value, "event")}  "
                + $"slot {Long(value, "slot")} {Cut(Text(value, "signature"))}",
            "health" => $"{Time(Long(value, "since"))} {Name(value)}:{Text(value, "dataType")} {Text(value, "state"),-8} "
                + $"{Text(value, "reason")}{Outage(value)}{On(value)}",
            "instrument" => $"{Time(Long(value, "updatedTime"))} {Name(value)} {Text(value, "status")} {Text(value, "kind")} "
                + $"{Text(value, "symbol")} price step {Text(value, "priceStep", "unknown")} quantity step "
                + $"{Text(value, "quantityStep", "unknown")}  revision {Long(value, "revision")}",
            "status" => $"{Time(Long(value, "time"))} {Text(value, "collector")}:{Text(value, "venue")} {Text(value, "state")} "
                + $"{value.GetProperty("connections").GetProperty("open").GetInt64()} of {value.GetProperty("connections").GetProperty("total").GetInt64()} connections, "
                + $"{value.GetProperty("streams").GetProperty("confirmed").GetInt64()} of {value.GetProperty("streams").GetProperty("wanted").GetInt64()} streams, "
                + $"{Long(value, "messagesPerSecond")} messages/s, {Long(value, "bytesPerSecond")} bytes/s{Reason(value)}",
            "deadletter" => $"{Time(Long(value, "receivedTime"))} {Text(value, "connection")} {Text(value, "reason")}, {Long(value, "size")} bytes: "
                + Cut(Text(value, "head")),
            "audit" => $"{Time(Long(value, "openTime"))} {Name(value)} {Text(value, "interval"),-3} {Text(value, "cause")}"
                + $"{(value.GetProperty("agrees").GetBoolean() ? ", agrees now" : "")}: {Differences(value)}",
            _ => $"{Time(record.Timestamp)} {record.KeyText} {Cut(record.ValueText)}",
        };
    }

    private static string Differences(JsonElement audit) => string.Join(
        ", ",
        audit.GetProperty("differences").EnumerateArray().Select(one =>
            $"{Text(one, "field")} {Text(one, "ours", "none")} is {Text(one, "venue")} there"
            + (one.GetProperty("before").ValueKind == JsonValueKind.String ? $" (was {Text(one, "before")})" : "")));

    private static string Outage(JsonElement health) =>
        health.GetProperty("outage") is { ValueKind: JsonValueKind.Number } outage
            ? string.Create(CultureInfo.InvariantCulture, $" after {outage.GetInt64() / 1e6:0.###} s")
            : "";

    private static string On(JsonElement health) => Text(health, "connection") is { Length: > 0 } connection ? $" on {connection}" : "";

    /// <summary>A forming candle is not complete by nature.</summary>
    private static bool IsIncompleteFinal(JsonElement candle) =>
        Text(candle, "state") != "forming" && !candle.GetProperty("complete").GetBoolean();

    /// <summary>Said only of what is minor.</summary>
    private static string Minor(JsonElement value) => value.TryGetProperty("minor", out _) ? " (minor)" : "";

    private static string Name(JsonElement value) => $"{Text(value, "venue")}:{Text(value, "instrument")}";

    private static string Text(JsonElement value, string property, string none = "") => value.GetProperty(property).GetString() ?? none;

    /// <summary>The first level of a side, and how many there are.</summary>
    private static string Levels(JsonElement value, string side)
    {
        var levels = value.GetProperty(side);
        return levels.GetArrayLength() == 0
            ? $"no {side}"
            : $"{levels.GetArrayLength()} {side}, first {levels[0][1].GetString()} at {levels[0][0].GetString()}";
    }

    private static long Long(JsonElement value, string property) => value.GetProperty(property).GetInt64();

    private static string Reason(JsonElement value) =>
        value.GetProperty("reason") is { ValueKind: JsonValueKind.String } reason ? $" ({Cut(reason.GetString())})" : "";

    private static string Unless(string text, string usual) => text == usual ? "" : $" ({text})";

    private static string Time(long microseconds) =>
        MarketTime.ToInstant(microseconds).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Control characters would play with the terminal, and a long frame would flood it.</summary>
    private static string Cut(string? text)
    {
        var plain = string.Concat((text ?? "").Take(MaxRaw).Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length < (text?.Length ?? 0) ? plain + "…" : plain;
    }
}
