using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>
/// The venue's names of bar lengths. From six hours on a plain name means windows of UTC+8, and one that ends in <c>utc</c> those of
/// UTC. The world does not make bars of 2 and 5 days and of 3 months.
/// </summary>
internal static class OkxBars
{
    private static readonly (string Name, string Interval)[] Short =
    [
        ("1s", "1s"), ("1m", "1m"), ("3m", "3m"), ("5m", "5m"), ("15m", "15m"), ("30m", "30m"), ("1H", "1h"), ("2H", "2h"), ("4H", "4h"),
    ];

    private static readonly (string Name, string Interval)[] Long =
        [("6H", "6h"), ("12H", "12h"), ("1D", "1d"), ("3D", "3d"), ("1W", "1w"), ("1M", "1M")];

    /// <summary>By bar name: index into <see cref="KlineKey.All"/>.</summary>
    public static IReadOnlyDictionary<string, int> Series { get; } = Make();

    private static Dictionary<string, int> Make()
    {
        var series = Short.ToDictionary(bar => bar.Name, bar => Find(bar.Interval, 0), StringComparer.Ordinal);
        foreach (var (name, interval) in Long)
        {
            series[name] = Find(interval, KlineKey.EastEight);
            series[name + "utc"] = Find(interval, 0);
        }

        return series;
    }

    private static int Find(string interval, long zone) =>
        KlineKey.All.Select((key, index) => (key, index)).First(one => one.key.Interval.Name == interval && one.key.Zone == zone).index;
}
