using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

internal sealed class DurationShape(TimeSpan minimum, TimeSpan maximum) : ScalarShape<TimeSpan>
{
    private static readonly UnitText Units = new(
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ]);

    public override string Summary => $"a duration from {Format(minimum)} to {Format(maximum)}";

    /// <summary>The shortest form: 300 s is <c>5m</c>.</summary>
    public static string Format(TimeSpan value) => Units.Format(value.Ticks, "ms");

    protected override Reading<TimeSpan> Parse(string text)
    {
        if (!Units.TryParse(text, out var ticks))
        {
            return Reading<TimeSpan>.Fail($"{Spelling.Quote(text)} is not a duration",
                "write a number and ms, s, m, h or d, such as 250ms, 1s or 5m");
        }

        if (ticks < minimum.Ticks || ticks > maximum.Ticks)
        {
            var limit = ticks < minimum.Ticks ? $"at least {Format(minimum)}" : $"at most {Format(maximum)}";
            return Reading<TimeSpan>.Fail($"must be {limit}, not {text}");
        }

        return TimeSpan.FromTicks(ticks);
    }

    protected override JsonObject Describe() => new() { ["type"] = "string", ["pattern"] = Units.Pattern };

    protected override JsonNode Write(TimeSpan value) => Format(value);
}
