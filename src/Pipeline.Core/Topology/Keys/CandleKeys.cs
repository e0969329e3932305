using Pipeline.Core.Candles;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class CandleKeys
{
    public static Section<CandleOptions> Make()
    {
        var interval = new IntervalShape(CandleInterval.All);
        var pace = new DurationShape(TimeSpan.Zero, TimeSpan.FromHours(1));
        var heartbeat = new DurationShape(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        var wait = new DurationShape(TimeSpan.Zero, TimeSpan.FromMinutes(10));
        var depth = new IntegerShape(1, 100_000);
        var history = new MapShape<int>(
            new MapNames("interval", "1m") { Pattern = $"^({string.Join('|', CandleInterval.All)})$" }, _ => depth);
        return new Section<CandleOptions>(() => new CandleOptions())
            .Key("intervals", new ListShape<CandleInterval>("interval", interval, 1), o => o.Intervals,
                (o, v) => o with { Intervals = [.. v.OrderBy(one => one.Index)] }, "Intervals candles are made of.")
            .Key("live", new ListShape<CandleInterval>("interval", interval, 0), o => o.Live, (o, v) => o with { Live = v },
                "Intervals whose forming candles are published too, not only the final ones. Left out: those of the default that are made.")
            .Key("updateInterval", pace, o => o.UpdateInterval, (o, v) => o with { UpdateInterval = v },
                "Least time between two forming records of a candle of up to one minute.")
            .Key("longUpdateInterval", pace, o => o.LongUpdateInterval, (o, v) => o with { LongUpdateInterval = v },
                "The same for longer candles.")
            .Key("grace", wait, o => o.Grace, (o, v) => o with { Grace = v },
                "How long past its end a candle waits for trades on their way, when none closes it and its stream is known to live.")
            .Key("staleGrace", wait, o => o.StaleGrace, (o, v) => o with { StaleGrace = v },
                "How long past its end a candle is kept open at most, for its stream to live again or a hole to be filled; then it is incomplete.")
            .Key("allowedLateness", wait, o => o.AllowedLateness, (o, v) => o with { AllowedLateness = v },
                "How far out of order trades may come where ids say nothing of order, and prices.")
            .Key("empty", new ChoiceShape<EmptyCandles>("choice", [("carry", EmptyCandles.Carry), ("none", EmptyCandles.None)]), o => o.Empty,
                (o, v) => o with { Empty = v },
                "What becomes of a candle without trades: carry makes one of the previous close and no volume where nothing was missed.")
            .Key("carryFrom", interval, o => o.CarryFrom, (o, v) => o with { CarryFrom = v },
                "Shortest interval that carries; shorter ones leave empty candles out.")
            .Key("maxCarry", new IntegerShape(0, 100_000), o => o.MaxCarry, (o, v) => o with { MaxCarry = v },
                "Most empty candles in a row, of one instrument and interval, that are caught up with.")
            .Key("enabled", new FlagShape(), o => o.Service.Enabled, (o, v) => o with { Service = o.Service with { Enabled = v } },
                "Whether the gateway serves candles over Socket.IO.")
            .Key("listen", new AddressShape("http"), o => o.Service.Listen, (o, v) => o with { Service = o.Service with { Listen = v } },
                "A port of its own for that service, which is also on the gateway's.")
            .Key("connectionTimeout", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), o => o.Service.ConnectionTimeout,
                (o, v) => o with { Service = o.Service with { ConnectionTimeout = v } }, "After so long without a subscription a client is let go.")
            .Key("maxSubscriptionsPerClient", new IntegerShape(1, 10_000), o => o.Service.MaxSubscriptionsPerClient,
                (o, v) => o with { Service = o.Service with { MaxSubscriptionsPerClient = v } }, "Instruments and intervals a client may watch.")
            .Key("historyDataLimit", new IntegerShape(1, 1_000), o => o.Service.HistoryDataLimit,
                (o, v) => o with { Service = o.Service with { HistoryDataLimit = v } }, "Candles of history for a client that names no limit.")
            .Key("pingInterval", heartbeat, o => o.Service.PingInterval, (o, v) => o with { Service = o.Service with { PingInterval = v } },
                "Time between two pings to a client.")
            .Key("pingTimeout", heartbeat, o => o.Service.PingTimeout, (o, v) => o with { Service = o.Service with { PingTimeout = v } },
                "How long a client may take to answer one.")
            .Key("backfill", new FlagShape(), o => o.Backfill, (o, v) => o with { Backfill = v },
                "Whether the first candles of a new series, of which the start was not seen, are completed by the venue's own.")
            .Key("history", history, _ => null, (o, v) => o with { History = v.ToDictionary(one => CandleInterval.Parse(one.Key), one => one.Value) },
                "How many of the venue's candles are written for the time before a new series, by interval; each series once.")
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
