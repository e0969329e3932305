namespace Pipeline.Core.Topology.Keys;

internal static class CollectorKeys
{
    public static Section<CollectorOptions> Make() =>
        new Section<CollectorOptions>(() => new CollectorOptions())
            .Key("name", new TextShape("letters, digits, '.', '_' or '-'", "^[a-zA-Z0-9._-]{1,100}$", "a name is used as in collector-1:binance"),
                o => o.Name, (o, v) => o with { Name = v }, "What it is called in md.status; each collector that writes there needs one of its own.")
            .Key("listen", new AddressShape("http"), o => o.Listen, (o, v) => o with { Listen = v },
                "Address of /livez, /readyz, /metrics, /statistics, /rotate and /reload.")
            .Key("adminToken", new TextShape("a token of 8 to 256 characters without spaces", "^[!-~]{8,256}$", "name a variable: ${PIPELINE_ADMIN_TOKEN}"),
                _ => null, (o, v) => o with { AdminToken = v },
                "What POST /rotate and /reload must bear as Authorization: Bearer. Left out: they are taken from this machine alone.");
}
