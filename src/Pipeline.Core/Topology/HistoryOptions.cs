using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>Where the gateway keeps candles, and how many.</summary>
public sealed record HistoryOptions
{
    /// <summary>Without it, history reaches back as far as the gateway's memory. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The file; its folder is made when missing. Two more lie beside it while it is open. Default <c>data/candles.db</c>.</summary>
    public string Path { get; init; } = "data/candles.db";

    /// <summary>Candles that ended longer ago are removed. Default 1,825 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(1_825);

    /// <summary>The same for single intervals. Default 7 days for <c>1s</c>, 30 for <c>5s</c>, 90 for <c>15s</c> and <c>30s</c>.</summary>
    public IReadOnlyDictionary<CandleInterval, TimeSpan> MaxAgeOf { get; init; } = new Dictionary<CandleInterval, TimeSpan>
    {
        [CandleInterval.Parse("1s")] = TimeSpan.FromDays(7),
        [CandleInterval.Parse("5s")] = TimeSpan.FromDays(30),
        [CandleInterval.Parse("15s")] = TimeSpan.FromDays(90),
        [CandleInterval.Parse("30s")] = TimeSpan.FromDays(90),
    };

    /// <summary>Bytes the file may have. Beyond it the series with the most candles lose their oldest ones. Default 10 GiB.</summary>
    public long MaxSize { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long candles are gathered before they are written together. Default 250 ms.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Candles that are written together at most. Default 5,000.</summary>
    public int CommitRecords { get; init; } = 5_000;

    /// <summary>Queries answered at the same time; more wait. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>How long a candle of this interval is kept.</summary>
    public TimeSpan AgeOf(CandleInterval interval) => MaxAgeOf.TryGetValue(interval, out var age) ? age : MaxAge;
}
