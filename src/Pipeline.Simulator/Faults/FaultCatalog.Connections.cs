namespace Pipeline.Simulator.Faults;

/// <summary>Faults of connections.</summary>
internal static partial class FaultCatalog
{
    private static IEnumerable<FaultDefinition> Connections() =>
    [
        Lasting(FaultId.F01, FaultLayer.Connection, Binance, "pong timeout",
            "takes no pong for an answer, so that the venue's own deadline closes with 1008 \"Pong timeout\"",
            "reconnects with back-off and counts the reason"),
        AtOnce(FaultId.F02, Binance, "pong text", "sends the text \"Pong timeout\" as if it were data, then closes with 1008",
            "counts the text as unreadable, survives it and reconnects"),
        Lasting(FaultId.F03, FaultLayer.Connection, Binance, "strict pong",
            "closes with 1008 \"Pong timeout\" when a pong comes while a ping is open and does not carry its payload",
            "echoes the payload byte by byte, and so notices nothing"),
        Lasting(FaultId.F04, FaultLayer.Connection, Binance, "message limit",
            "takes another number of messages in a rolling second, pings and pongs included; one more closes with 1008",
            "paces its requests, also when it subscribes anew") with
        {
            Parameters = [FaultParameter.Whole("limit", 3, 1, 1000, "messages a second; 15 is what futures were measured to bear")],
        },
        Lasting(FaultId.F05, FaultLayer.Connection, Exchanges, "random 1008", "closes with 1008 without a reason, at random times",
            "reconnects with back-off") with
        {
            Parameters = [FaultParameter.Duration("meanTime", "60s", "100ms", "1d", "mean time until it strikes a connection")],
        },
        AtOnce(FaultId.F06, Exchanges, "clean end", "closes with a code and a reason, as at the end of a connection's life",
            "has a successor open already; loses nothing") with
        {
            Parameters =
            [
                FaultParameter.Choice("code", ["1001", "1000", "1011", "1012", "1013"], "of the close"),
                FaultParameter.Text("reason", "24 hours are over", "of the close"),
            ],
        },
        AtOnce(FaultId.F07, Everywhere, "dirty end",
            "stops all sending, then resets TCP without a close frame; as a black hole it never ends the connection",
            "notices the silence before TCP does and reconnects") with
        {
            Parameters =
            [
                FaultParameter.Choice("mode", ["reset", "blackHole"], "how it ends"),
                FaultParameter.Duration("deadFor", "0s", "0s", "1h", "silence before the reset"),
            ],
        },
        Lasting(FaultId.F08, FaultLayer.Connection, Everywhere, "upgrade window",
            "ends all connections at random moments, and refuses handshakes with 503 for as long as it lasts",
            "comes back spread in time, with jitter") with
        {
            DefaultFor = TimeSpan.FromSeconds(10),
            Parameters = [FaultParameter.Duration("closeWithin", "5s", "0s", "1h", "time in which connections are ended")],
        },
        AtOnce(FaultId.F09, Binance, "serverShutdown", "sends the serverShutdown event, raw or combined as the connection is, and closes later",
            "opens exactly one successor first, then drops the old connection") with
        {
            Parameters =
            [
                FaultParameter.Duration("closeAfter", "10s", "0s", "10m", "time until the close"),
                FaultParameter.Choice("form", ["auto", "raw", "combined"], "auto: as the connection gets its data"),
            ],
        },
        AtOnce(FaultId.F10, Okx, "notice 64008", "sends the service notice 64008 and drops TCP later",
            "moves to a new connection as planned work, not as an error") with
        {
            Parameters = [FaultParameter.Duration("closeAfter", "60s", "0s", "1h", "time until TCP ends")],
        },
        AtOnce(FaultId.F11, Okx, "idle close 4004", "stops data and answers to pings, then closes with 4004 \"No data received in 30s\"",
            "sends a text ping at 20 s of silence at most; reconnects") with
        {
            Parameters = [FaultParameter.Duration("closeAfter", "30s", "0s", "1h", "time until the close")],
        },
        Lasting(FaultId.F12, FaultLayer.Connection, [.. Okx, .. Bybit], "mute pong or data",
            "stops answering pings while data flows, or the reverse", "has a deadline for pongs and another one for data") with
        {
            Parameters = [FaultParameter.Choice("mute", ["pong", "data"], "which of the two stops")],
        },
        Lasting(FaultId.F13, FaultLayer.Requests, Exchanges, "oversize 1009",
            "closes with 1009 \"Request message exceeds the maximum frame length\" when a request is larger", "cuts its requests") with
        {
            Parameters = [FaultParameter.Whole("bytes", 65_536, 64, 1_048_576, "largest request taken")],
        },
        Lasting(FaultId.F14, FaultLayer.Connection, Exchanges, "slow reader 4005",
            "closes with 4005 \"Buffer is full, cannot write data\" when more is unsent; a client that still does not read is cut 5 s later",
            "bounds its own queue, and shows what it dropped or why it failed") with
        {
            Parameters = [FaultParameter.Whole("bytes", 1_048_576, 1024, 1_073_741_824, "unsent bytes allowed")],
        },
        Lasting(FaultId.F15, FaultLayer.Handshake, Everywhere, "handshake refused",
            "answers handshakes with an HTTP status, or resets TCP instead of an answer",
            "backs off as Retry-After says; tells a wrong address as such and does not loop on it") with
        {
            Parameters =
            [
                FaultParameter.Choice("status", ["503", "403", "404", "418", "429", "451", "500", "502", "tcp"], "tcp: a reset, no answer"),
                FaultParameter.Duration("retryAfter", "0s", "0s", "3d", "Retry-After in whole seconds; 0s = the header is left out"),
            ],
        },
        Lasting(FaultId.F16, FaultLayer.Handshake, Everywhere, "handshake hangs", "takes TCP and never answers; cuts it when the fault ends",
            "gives up a handshake after 10 s at most"),
        Lasting(FaultId.F17, FaultLayer.Frames, Everywhere, "fragments",
            "cuts data messages into fragments anywhere, also inside a UTF-8 character, with a control frame between",
            "puts them together") with
        {
            Parameters =
            [
                FaultParameter.Whole("fragments", 3, 2, 16, "fragments of a message"),
                FaultParameter.Choice("between", ["pong", "ping", "nothing"], "ping: one a second at most, since answers count as messages"),
            ],
        },
        Lasting(FaultId.F18, FaultLayer.Connection, Everywhere, "late pong",
            "answers the client's ping frames late while data flows", "takes data for a sign of life") with
        {
            Parameters = [FaultParameter.Duration("delay", "30s", "100ms", "10m", "time until the answer")],
        },
    ];
}
