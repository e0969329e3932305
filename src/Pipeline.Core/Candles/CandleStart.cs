using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// The beginning of a series: what our own trades made of the minute in which it began. The venue's candle of that minute counts them
/// too, so that both together must not count them twice.
/// </summary>
internal sealed class CandleStart(long time)
{
    public static readonly CandleInterval Minute = CandleInterval.Parse("1m");

    private static readonly CandleInterval Hour = CandleInterval.Parse("1h");
    private static readonly CandleInterval Day = CandleInterval.Parse("1d");
    private static readonly CandleInterval Week = CandleInterval.Parse("1w");

    private CandleSum _sum;

    /// <summary>Event time of the first trade.</summary>
    public long Time { get; } = time;

    public long MinuteFrom { get; } = Minute.OpenOf(time);

    public long MinuteTo => MinuteFrom + Minute.Microseconds;

    public CandleSum Sum
    {
        get => _sum;
        init => _sum = value;
    }

    /// <summary>What the venue said of the time up to the end of the minute; null before it did.</summary>
    public IReadOnlyList<Candle>? Rows { get; set; }

    /// <summary>
    /// Weeks are made of days, hours and minutes: of the longest that fit, so that the beginning of a week costs three requests and not
    /// ten thousand rows.
    /// </summary>
    public static IEnumerable<(CandleInterval Interval, long From, long To)> Pieces(long from, long to)
    {
        var hour = Hour.OpenOf(to - 1);
        var day = Day.OpenOf(to - 1);
        if (from < day)
        {
            yield return (Day, from, day);
        }

        if (Math.Max(from, day) < hour)
        {
            yield return (Hour, Math.Max(from, day), hour);
        }

        yield return (Minute, Math.Max(from, hour), to);
    }

    /// <summary>Opening time of the longest first window that is to be completed.</summary>
    public static long From(long time, IEnumerable<CandleBuilder> builders) =>
        builders.Where(builder => builder.Interval.Microseconds >= Minute.Microseconds).Select(builder => builder.Interval.OpenOf(time))
            .DefaultIfEmpty(Week.OpenOf(time)).Min();

    public void Add(in Trade trade, bool isOrdered)
    {
        if (trade.EventTime >= MinuteFrom && trade.EventTime < MinuteTo)
        {
            _sum.Add(trade, isOrdered);
        }
    }

    /// <summary>
    /// The venue's sum of <c>[from, to)</c>; false when a row of it is missing. What the venue does not tell of a row is not known of the
    /// sum.
    /// </summary>
    public bool TrySum(long from, long to, out CandleSum sum)
    {
        sum = new CandleSum { IsMixed = true };
        var next = from;
        foreach (var row in Rows ?? [])
        {
            if (row.OpenTime == next && row.CloseTime <= to)
            {
                sum.Append(row);
                next = row.CloseTime;
            }
        }

        return next == to;
    }
}
