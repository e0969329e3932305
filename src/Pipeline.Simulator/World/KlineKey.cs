namespace Pipeline.Simulator.World;

/// <summary>A bar series: an interval in a zone (microseconds east of UTC).</summary>
internal sealed record KlineKey(KlineInterval Interval, long Zone)
{
    public const long EastEight = 8L * 3600 * UnixTime.Second;

    /// <summary>Every series a symbol has; index 0 is the one-second series, from which the others are summed.</summary>
    public static readonly IReadOnlyList<KlineKey> All =
    [
        new(KlineInterval.OneSecond, 0),
        .. KlineInterval.Longer.Select(interval => new KlineKey(interval, 0)),
        new(KlineInterval.OneSecond, EastEight),
        .. KlineInterval.Longer.Select(interval => new KlineKey(interval, EastEight)),
    ];

    private static readonly int[] Twins = [.. Enumerable.Range(0, All.Count).Select(FindTwin)];

    /// <summary>Index of the series of an interval's Binance name in UTC; -1 when there is none.</summary>
    public static int Find(string interval) => Find(interval, 0);

    /// <param name="interval">Binance's name, such as <c>1m</c>.</param>
    /// <param name="zone">0 or <see cref="EastEight"/>.</param>
    /// <returns>Index into <see cref="All"/>, or -1.</returns>
    public static int Find(string interval, long zone)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Interval.Name == interval && All[i].Zone == zone)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The first series with the same windows: in another zone most intervals have those of UTC.</summary>
    public static int Twin(int series) => Twins[series];

    private static int FindTwin(int series)
    {
        var key = All[series];
        return key.Interval.IsAlignedTo(key.Zone) ? Find(key.Interval.Name) : series;
    }
}
