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

    /// <summary>How long past its end a window waits for trades on their way, when no trade closes it and its stream is known to live. Default 1 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long past its end a window is kept open at most, for a stream to live again or a hole to be filled. Default 10 s.</summary>
    public TimeSpan StaleGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How far out of order trades may come where ids say nothing of order, and prices. Default 1 s.</summary>
    public TimeSpan AllowedLateness { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What becomes of windows in which nothing was traded. Default <see cref="EmptyCandles.Carry"/>.</summary>
    public EmptyCandles Empty { get; init; } = EmptyCandles.Carry;

    /// <summary>Shortest interval that carries; shorter ones leave empty windows out. Default 1m.</summary>
    public CandleInterval CarryFrom { get; init; } = CandleInterval.Parse("1m");

    /// <summary>Whether the first windows, of which the start was not seen, are completed by the venue's candles. Default no.</summary>
    public bool Backfill { get; init; }

    /// <summary>How many of the venue's candles are written for the time before a series, by interval. Default none.</summary>
    public IReadOnlyDictionary<CandleInterval, int> History { get; init; } = new Dictionary<CandleInterval, int>();

    /// <summary>Most empty windows in a row that are caught up with, per instrument and interval; older ones are left out. Default 1,500.</summary>
    public int MaxCarry { get; init; } = 1_500;

    /// <summary>How the gateway serves them to clients of Socket.IO.</summary>
    public CandleServiceOptions Service { get; init; } = new();
}
