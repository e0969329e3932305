using Pipeline.Core.Feeds.Repair;

namespace Pipeline.Core.Topology.Keys;

internal static class RepairKeys
{
    public static Section<RepairOptions> Make() =>
        new Section<RepairOptions>(() => new RepairOptions())
            .Key("hold", new DurationShape(TimeSpan.Zero, TimeSpan.FromSeconds(60)), o => o.Hold, (o, v) => o with { Hold = v },
                "How long the later trades of an instrument wait for missing ones before the hole is announced and they go on.")
            .Key("maxHeld", new IntegerShape(1, 20_000), o => o.MaxHeld, (o, v) => o with { MaxHeld = v },
                "Most trades of one instrument that wait.")
            .Key("maxAge", new DurationShape(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)), o => o.MaxAge, (o, v) => o with { MaxAge = v },
                "Age at which a hole is given up.")
            .Key("parallelRequests", new IntegerShape(1, 64), o => o.ParallelRequests, (o, v) => o with { ParallelRequests = v },
                "Requests for missing trades under way at once to one venue; its request budget is kept besides.")
            .Key("pageSize", new IntegerShape(2, 1_000), o => o.PageSize, (o, v) => o with { PageSize = v },
                "Most trades asked for at once; cut to what the venue gives.")
            .Key("minBackoff", new DurationShape(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), o => o.MinBackoff,
                (o, v) => o with { MinBackoff = v }, "Pause after an answer that brought nothing new; it doubles from there.")
            .Key("maxBackoff", new DurationShape(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)), o => o.MaxBackoff,
                (o, v) => o with { MaxBackoff = v }, "Longest such pause.")
            .Key("requestTimeout", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), o => o.RequestTimeout,
                (o, v) => o with { RequestTimeout = v }, "How long one request may take, waiting for the budget and retries included.");
}
