using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Market;

/// <summary>One of the supported candle lengths. Windows are aligned to the Unix epoch; weeks begin on Monday.</summary>
public sealed class CandleInterval
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // The epoch is a Thursday; the first Monday after it is four days later.
    private const long FirstMonday = 4 * Day;

    public static readonly IReadOnlyList<CandleInterval> All =
    [
        new(0, "1s", Second), new(1, "5s", 5 * Second), new(2, "15s", 15 * Second), new(3, "30s", 30 * Second),
        new(4, "1m", Minute), new(5, "3m", 3 * Minute), new(6, "5m", 5 * Minute), new(7, "15m", 15 * Minute), new(8, "30m", 30 * Minute),
        new(9, "1h", Hour), new(10, "2h", 2 * Hour), new(11, "4h", 4 * Hour), new(12, "6h", 6 * Hour), new(13, "12h", 12 * Hour),
        new(14, "1d", Day), new(15, "1w", 7 * Day),
    ];

    private static readonly Dictionary<string, CandleInterval> ByName = MakeNames();

    private readonly long _origin;

    private CandleInterval(int index, string name, long microseconds)
    {
        Index = index;
        Name = name;
        Microseconds = microseconds;
        _origin = name == "1w" ? FirstMonday : 0;
    }

    /// <summary>Position in <see cref="All"/>, shortest first.</summary>
    public int Index { get; }

    /// <summary>Canonical name, such as <c>1m</c>.</summary>
    public string Name { get; }

    public long Microseconds { get; }

    /// <summary>
    /// Understands our names (<c>1m</c>), the Socket.IO spelling (<c>m1</c>), TradingView codes (<c>1</c>, <c>60</c>, <c>1S</c>, <c>1D</c>, <c>D</c>)
    /// and the venues' (<c>1H</c>, <c>1Dutc</c>, <c>1W</c>).
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CandleInterval? interval)
    {
        interval = null;
        return text is not null && ByName.TryGetValue(text, out interval);
    }

    /// <exception cref="FormatException">No interval goes by that name.</exception>
    public static CandleInterval Parse(string text) =>
        TryParse(text, out var interval)
            ? interval
            : throw new FormatException($"'{text}' is no candle interval; there are {string.Join(' ', All)}.");

    /// <summary>Start of the window that holds <paramref name="time"/> (microseconds).</summary>
    public long OpenOf(long time)
    {
        var offset = (time - _origin) % Microseconds;
        return time - (offset < 0 ? offset + Microseconds : offset);
    }

    /// <summary>True when every window of this interval is a whole number of windows of <paramref name="finer"/>.</summary>
    public bool IsMultipleOf(CandleInterval finer)
    {
        ArgumentNullException.ThrowIfNull(finer);
        return finer.Microseconds < Microseconds && Microseconds % finer.Microseconds == 0 && (_origin - finer._origin) % finer.Microseconds == 0;
    }

    public override string ToString() => Name;

    private static Dictionary<string, CandleInterval> MakeNames()
    {
        var names = new Dictionary<string, CandleInterval>(StringComparer.Ordinal);
        foreach (var interval in All)
        {
            var count = interval.Name[..^1];
            var unit = interval.Name[^1];
            names[interval.Name] = interval;
            names[$"{unit}{count}"] = interval;
            switch (unit)
            {
                case 's':
                    names[$"{count}S"] = interval;
                    break;
                case 'm':
                    names[count] = interval;
                    break;
                case 'h':
                    names[$"{count}H"] = interval;
                    names[$"{count}Hutc"] = interval;
                    names[(interval.Microseconds / Minute).ToString(System.Globalization.CultureInfo.InvariantCulture)] = interval;
                    break;
                default:
                    var upper = char.ToUpperInvariant(unit);
                    names[$"{count}{upper}"] = interval;
                    names[$"{upper}"] = interval;
                    names[$"{count}{upper}utc"] = interval;
                    break;
            }
        }

        return names;
    }
}
