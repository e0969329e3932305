using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>What a record of <c>md.health</c> says of a stream. Times in microseconds since the Unix epoch, 0 = never.</summary>
internal sealed record StreamHealthInfo(HealthState State, string Reason, long Since, long LastEventTime, long LastReceivedTime)
{
    /// <summary>Null when the value is no such record.</summary>
    public static StreamHealthInfo? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            var record = json.RootElement;
            return new StreamHealthInfo(
                StateOf(record.GetProperty("state").GetString()),
                record.GetProperty("reason").GetString() ?? "",
                record.GetProperty("since").GetInt64(),
                TimeOf(record, "lastEventTime"),
                TimeOf(record, "lastReceivedTime"));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static long TimeOf(JsonElement record, string property) =>
        record.TryGetProperty(property, out var time) && time.ValueKind == JsonValueKind.Number ? time.GetInt64() : 0;

    private static HealthState StateOf(string? name)
    {
        for (var state = HealthState.Starting; state <= HealthState.Stopped; state++)
        {
            if (HealthStateNames.Of(state) == name)
            {
                return state;
            }
        }

        throw new FormatException("There is no such state.");
    }
}
