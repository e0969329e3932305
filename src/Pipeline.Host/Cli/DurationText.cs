using System.Globalization;

namespace Pipeline.Host.Cli;

/// <summary>Durations on the command line, spelt as in the topology: <c>250ms</c>, <c>60s</c>, <c>5m</c>, <c>12h</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (name, length) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(0, text.Length - name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0 && count <= TimeSpan.MaxValue / length)
            {
                duration = count * length;
                return true;
            }
        }

        return false;
    }
}
