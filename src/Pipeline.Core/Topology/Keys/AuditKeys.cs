using Pipeline.Core.Audit;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class AuditKeys
{
    // Below a minute a venue would be asked more often than its budget bears.
    private static readonly CandleInterval[] Asked = [.. CandleInterval.All.Where(one => one.Microseconds >= 60_000_000)];

    public static Section<AuditOptions> Make() =>
        new Section<AuditOptions>(() => new AuditOptions())
            .Key("enabled", new FlagShape(), o => o.Enabled, (o, v) => o with { Enabled = v },
                "Whether our candles are compared with the venues' own: their stream where venueCandle is taken, else their REST interface.")
            .Key("interval", new IntervalShape(Asked, "the audit"), o => o.Interval, (o, v) => o with { Interval = v },
                "Candles that are asked for by REST.")
            .Key("share", new RealShape(0.001, 1), o => o.Share, (o, v) => o with { Share = v },
                "Part of them that is asked for; 1: all.")
            .Key("delay", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), o => o.Delay, (o, v) => o with { Delay = v },
                "Time from the end of a candle until it is asked for.")
            .Key("patience", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), o => o.Patience, (o, v) => o with { Patience = v },
                "How long a difference may last before it is told: candles are revised, and venues correct themselves.");
}
