using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class HistoryKeys
{
    public static Section<HistoryOptions> Make()
    {
        var age = new DurationShape(TimeSpan.FromMinutes(1), TimeSpan.FromDays(36_500));
        var intervals = new MapNames("interval", "1s") { Known = [.. CandleInterval.All.Select(interval => interval.Name)] };
        return new Section<HistoryOptions>(() => new HistoryOptions())
            .Key("enabled", new FlagShape(), o => o.Enabled, (o, v) => o with { Enabled = v },
                "Whether the gateway keeps candles in a file. Without it, history reaches back as far as its memory.")
            .Key("path", new TextShape("a path", "^[^\\s].{0,500}$"), o => o.Path, (o, v) => o with { Path = v },
                "The file; its folder is made when missing. Each gateway needs one of its own.")
            .Key("maxAge", age, o => o.MaxAge, (o, v) => o with { MaxAge = v }, "Candles that ended longer ago are removed.")
            .Key("maxAgeOf", new MapShape<TimeSpan>(intervals, _ => age), o => o.MaxAgeOf.OrderBy(one => one.Key.Index).Select(one => KeyValuePair.Create(one.Key.Name, one.Value)).ToList(),
                (o, v) => o with { MaxAgeOf = v.ToDictionary(one => CandleInterval.Parse(one.Key), one => one.Value) },
                "The same for single intervals, in the place of the default's.")
            .Key("maxSize", new SizeShape(SizeShape.MiB, 16_384 * SizeShape.GiB), o => o.MaxSize, (o, v) => o with { MaxSize = v },
                "Size of the file beyond which the series with the most candles lose their oldest ones.")
            .Key("commitInterval", new DurationShape(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)), o => o.CommitInterval,
                (o, v) => o with { CommitInterval = v }, "How long candles are gathered before they are written together.")
            .Key("commitRecords", new IntegerShape(1, 100_000), o => o.CommitRecords, (o, v) => o with { CommitRecords = v },
                "Candles that are written together at most.")
            .Key("readers", new IntegerShape(1, 64), o => o.Readers, (o, v) => o with { Readers = v }, "Queries answered at the same time; more wait.");
    }
}
