using Pipeline.Core.Topology.Keys;

namespace Pipeline.Simulator;

/// <summary>Durations as the control port and scenario files write them: <c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>24h</c>.</summary>
internal static class FaultText
{
    private static readonly UnitText Durations = new(
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ]);

    /// <summary>Longest duration anywhere: what timers take.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(40);

    public static bool TryDuration(string text, out TimeSpan value)
    {
        var read = Durations.TryParse(text, out var ticks) && ticks <= LongestDuration.Ticks;
        value = read ? TimeSpan.FromTicks(ticks) : default;
        return read;
    }

    public static string Duration(TimeSpan value) => Durations.Format(value.Ticks, "s");
}
