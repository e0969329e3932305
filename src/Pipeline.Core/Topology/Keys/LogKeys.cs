namespace Pipeline.Core.Topology.Keys;

internal static class LogKeys
{
    public static Section<LogOptions> Make() =>
        new Section<LogOptions>(() => new LogOptions())
            .Key("format", new ChoiceShape<LogFormat>("log format", [("text", LogFormat.Text), ("json", LogFormat.Json)]),
                o => o.Format, (o, v) => o with { Format = v },
                "text: for people. json: one object a line on standard output, without table and figures; src/LOG-EVENTS.md lists the events.");
}
