namespace Pipeline.Simulator.World;

/// <summary>
/// A bar length of Binance. Windows are aligned to the Unix epoch, weeks to Monday and months to the calendar, each shifted by
/// the zone that the stream was asked for.
/// </summary>
internal sealed class KlineInterval
{
    private const long Minute = 60 * UnixTime.Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    public static readonly KlineInterval OneSecond = new("1s", UnixTime.Second);

    /// <summary>All but <see cref="OneSecond"/>, shortest first.</summary>
    public static readonly IReadOnlyList<KlineInterval> Longer =
    [
        new("1m", Minute), new("3m", 3 * Minute), new("5m", 5 * Minute), new("15m", 15 * Minute), new("30m", 30 * Minute),
        new("1h", Hour), new("2h", 2 * Hour), new("4h", 4 * Hour), new("6h", 6 * Hour), new("8h", 8 * Hour), new("12h", 12 * Hour),
        new("1d", Day), new("3d", 3 * Day), new("1w", 7 * Day, origin: 4 * Day), new("1M", 0),
    ];

    private readonly long _length;
    private readonly long _origin;

    private KlineInterval(string name, long length, long origin = 0)
    {
        Name = name;
        _length = length;
        _origin = origin;
    }

    public string Name { get; }

    /// <summary>True when a shift by <paramref name="zone"/> leaves the windows where they are.</summary>
    public bool IsAlignedTo(long zone) => zone == 0 || (_length != 0 && zone % _length == 0);

    /// <summary>Start of the window that holds <paramref name="time"/>, in UTC; <paramref name="zone"/> counts east.</summary>
    public long OpenOf(long time, long zone)
    {
        var local = time + zone;
        if (_length == 0)
        {
            var date = DateTime.UnixEpoch.AddMicroseconds(local);
            return Microseconds(new DateTime(date.Year, date.Month, 1, 0, 0, 0, DateTimeKind.Utc)) - zone;
        }

        return local - ((local - _origin) % _length) - zone;
    }

    /// <summary>Start of the window after the one that starts at <paramref name="open"/>.</summary>
    public long NextOpen(long open, long zone) =>
        _length == 0 ? Microseconds(DateTime.UnixEpoch.AddMicroseconds(open + zone).AddMonths(1)) - zone : open + _length;

    private static long Microseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
