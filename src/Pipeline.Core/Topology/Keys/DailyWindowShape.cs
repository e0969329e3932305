using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A span of every day, UTC.</summary>
internal sealed class DailyWindowShape : ScalarShape<DailyWindow>
{
    public override string Summary => "hours of the day, UTC, such as 02:00-04:00Z";

    protected override Reading<DailyWindow> Parse(string text)
    {
        var ends = text.EndsWith('Z') ? text[..^1].Split('-') : [];
        return ends.Length == 2 && TryReadTime(ends[0], out var from) && TryReadTime(ends[1], out var to) && from != to
            ? new DailyWindow(from, to)
            : Reading<DailyWindow>.Fail($"{Spelling.Quote(text)} is not a span of the day", "write it like 02:00-04:00Z");
    }

    protected override JsonObject Describe() =>
        new() { ["type"] = "string", ["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]Z$" };

    protected override JsonNode Write(DailyWindow value) => value.ToString();

    private static bool TryReadTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
