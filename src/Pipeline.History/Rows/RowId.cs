using Pipeline.Core.Market;

namespace Pipeline.History.Rows;

/// <summary>
/// The place of a candle in the file: series above, second of its open time below. A series lies together, in the order of time, in the
/// one tree that the engine is fastest with, and no index is needed beside it.
/// </summary>
internal static class RowId
{
    private const int TimeBits = 36;
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MaxSecond = (1L << TimeBits) - 1;

    /// <summary>Most series a file can have.</summary>
    public const long MaxSeries = (1L << (63 - TimeBits)) - 1;

    public static long Of(long series, long openTime) => First(series) + SecondOf(openTime);

    /// <summary>The id at or below which a series begins.</summary>
    public static long First(long series) => series << TimeBits;

    /// <summary>The id above which a series has nothing.</summary>
    public static long Last(long series) => First(series) + MaxSecond;

    /// <summary>The first id at or past a time.</summary>
    public static long AtOrAfter(long series, long time) =>
        First(series) + Math.Min(SecondOf(time) + (time > 0 && time % MicrosecondsPerSecond != 0 ? 1 : 0), MaxSecond + 1);

    /// <summary>Open time, microseconds since the Unix epoch, UTC.</summary>
    public static long TimeOf(long id) => (id & MaxSecond) * MicrosecondsPerSecond;

    /// <summary>Whether a candle of that time can be stored: from 1970 to the year 4147.</summary>
    public static bool Fits(CandleInterval interval, long openTime) =>
        openTime >= 0 && SecondOf(openTime) < MaxSecond && interval.OpenOf(openTime) == openTime;

    private static long SecondOf(long time) => Math.Clamp(time / MicrosecondsPerSecond, 0, MaxSecond);
}
