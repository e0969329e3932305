using System.Globalization;

namespace Pipeline.Core.Time;

/// <summary>
/// How fast a scaled clock runs and when it agrees with the real one, written <c>SCALE@ORIGIN</c>: <c>20@2026-11-20T10:00:00Z</c>.
/// Processes with the same text have the same time.
/// </summary>
public sealed record ClockScale
{
    /// <summary>Above this, timers of whole milliseconds are too coarse to keep a venue's limits.</summary>
    public const double Highest = 20;

    /// <summary>Slower makes timers longer than they can be.</summary>
    public const double Lowest = 0.1;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd",
    ];

    private ClockScale(double scale, DateTimeOffset origin) => (Scale, Origin) = (scale, origin);

    /// <summary>Seconds of the clock per real second.</summary>
    public double Scale { get; }

    /// <summary>The moment at which both clocks show the same.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>Reads the text; <c>now</c> as origin is <paramref name="now"/>.</summary>
    /// <param name="text">Such as <c>10@now</c>.</param>
    /// <param name="now">Real time.</param>
    /// <param name="error">What is wrong with the text, as a sentence; null when it was read.</param>
    public static ClockScale? Parse(string text, DateTimeOffset now, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = $"'{text}' is no clock: write SCALE@ORIGIN with a scale from {Lowest.ToString(CultureInfo.InvariantCulture)} to "
            + $"{Highest.ToString(CultureInfo.InvariantCulture)} and an origin such as now or 2026-11-20T10:00:00Z.";
        var parts = text.Split('@');
        if (parts.Length != 2
            || !double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale)
            || scale is not (>= Lowest and <= Highest))
        {
            return null;
        }

        var origin = now;
        if (parts[1] != "now" && !DateTimeOffset.TryParseExact(
            parts[1], Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out origin))
        {
            return null;
        }

        error = null;
        return new ClockScale(scale, origin.ToUniversalTime());
    }

    /// <summary>The same clock for another process: <c>now</c> is written as the time it was.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Scale}@{Origin.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}");
}
