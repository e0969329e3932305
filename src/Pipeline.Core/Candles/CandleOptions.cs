using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>Which candles are made and how often their forming state is published.</summary>
public sealed record CandleOptions
{
    public static readonly IReadOnlyList<CandleInterval> DefaultLive =
        [.. new[] { "1s", "1m", "5m", "15m", "1h", "1d" }.Select(CandleInterval.Parse)];

    /// <summary>Intervals made, shortest first. Default: all.</summary>
    public IReadOnlyList<CandleInterval> Intervals { get; init; } = CandleInterval.All;

    /// <summary>Intervals whose forming candles are published too. Default: <see cref="DefaultLive"/>.</summary>
    public IReadOnlyList<CandleInterval> Live { get; init; } = DefaultLive;

    /// <summary>Least time between two forming records of a candle of up to one minute. Default 250 ms.</summary>
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The same for longer candles. Default 1 s.</summary>
    public TimeSpan LongUpdateInterval { get; init; } = TimeSpan.FromSeconds(1);
}
