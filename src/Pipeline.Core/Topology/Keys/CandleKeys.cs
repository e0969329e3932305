using Pipeline.Core.Candles;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class CandleKeys
{
    public static Section<CandleOptions> Make()
    {
        var interval = new IntervalShape(CandleInterval.All);
        var pace = new DurationShape(TimeSpan.Zero, TimeSpan.FromHours(1));
        return new Section<CandleOptions>(() => new CandleOptions())
            .Key("intervals", new ListShape<CandleInterval>("interval", interval, 1), o => o.Intervals,
                (o, v) => o with { Intervals = [.. v.OrderBy(one => one.Index)] }, "Intervals candles are made of.")
            .Key("live", new ListShape<CandleInterval>("interval", interval, 0), o => o.Live, (o, v) => o with { Live = v },
                "Intervals whose forming candles are published too, not only the final ones. Left out: those of the default that are made.")
            .Key("updateInterval", pace, o => o.UpdateInterval, (o, v) => o with { UpdateInterval = v },
                "Least time between two forming records of a candle of up to one minute.")
            .Key("longUpdateInterval", pace, o => o.LongUpdateInterval, (o, v) => o with { LongUpdateInterval = v },
                "The same for longer candles.")
            .Complete((o, isGiven) => isGiven("live") ? o : o with { Live = [.. o.Live.Where(o.Intervals.Contains)] })
            .Rule(["intervals", "live"], LiveIsMade);
    }

    private static IEnumerable<Breach> LiveIsMade(CandleOptions candles) =>
        candles.Live.Select((interval, i) => (interval, i))
            .Where(one => !candles.Intervals.Contains(one.interval))
            .Select(one => new Breach(
                $"live[{one.i}]", $"candles of {one.interval} are not made",
                $"add {one.interval} to candles.intervals, or remove it here"));
}
