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
}
