namespace Pipeline.Simulator.Faults;

/// <summary>Faults of requests and subscriptions.</summary>
internal static partial class FaultCatalog
{
    private static IEnumerable<FaultDefinition> Subscriptions() =>
    [
        Lasting(FaultId.F20, FaultLayer.Frames, Exchanges, "ack without data",
            "acks subscriptions that are made while it lasts, and sends nothing on them; names that do not exist are always treated so on Binance",
            "waits for the first data of every stream, and tells when none comes"),
        Lasting(FaultId.F21, FaultLayer.Frames, Futures, "wrong route",
            "as F20 for a whole connection; a stream asked for on the wrong path of the futures venue is always treated so",
            "asks for every stream on its own path") with
        { Streams = ["*"] },
        Lasting(FaultId.F22, FaultLayer.Requests, Exchanges, "no ack", "swallows a request, or carries it out and answers late",
            "gives up waiting and reconnects") with
        {
            DefaultCount = 1,
            Parameters =
            [
                FaultParameter.Duration("delay", "0s", "0s", "10m", "time until the answer; 0s = never, and nothing is done"),
                FaultParameter.Whole("percent", 100, 1, 100, "share of the requests that it strikes"),
            ],
        },
        Lasting(FaultId.F23, FaultLayer.Requests, Binance, "big request",
            "answers a request of more than so many bytes with code 3, EOF; without the fault there is silence, as measured",
            "keeps its requests below 4,000 bytes") with
        {
            Parameters = [FaultParameter.Whole("bytes", 4096, 64, 65_536, "largest request taken")],
        },
        Lasting(FaultId.F24, FaultLayer.Requests, Exchanges, "data before ack", "sends the first data of a subscription before its ack",
            "takes both in any order") with
        {
            Parameters = [FaultParameter.Duration("atMost", "5s", "100ms", "10m", "time until the ack comes though there is no data")],
        },
        Lasting(FaultId.F25, FaultLayer.Requests, Binance, "invalid stream",
            "answers a subscription with code 2 \"Invalid request: invalid stream\" and closes with 1008, whatever it named",
            "keeps the name from being asked for again") with
        { DefaultCount = 1 },
        Always(FaultId.F26, Binance, "too many streams", "answers the 1,025th stream with code 4 and closes with 1008",
            "spreads streams over connections before the limit"),
        Lasting(FaultId.F27, FaultLayer.Requests, Binance, "flat errors",
            "writes errors flat, {\"code\":…,\"msg\":…}, as the documentation has them; on the wire they are nested", "reads both forms"),
        Lasting(FaultId.F28, FaultLayer.Requests, Okx, "partial failure",
            "refuses some of a request's args with 60018 and carries out the others, errors first", "gives up only what was refused") with
        {
            DefaultCount = 1,
            Parameters = [FaultParameter.Whole("refused", 1, 1, 100, "args refused of each request, from its end")],
        },
        Lasting(FaultId.F29, FaultLayer.Requests, Okx, "too frequent", "answers requests with 60014 and does nothing; the connection stays",
            "backs off on the same connection"),
        Always(FaultId.F30, Okx, "wrong endpoint", "answers channels of the other endpoint with 64001 or 64002, exclusive ones with 64003 or 64004",
            "tells the configuration error"),
        Always(FaultId.F31, Okx, "JSON ping", "answers {\"op\":\"ping\"} with 60012", "sends the four letters ping"),
        Always(FaultId.F32, Okx, "subscribed twice", "acks a stream that is subscribed already without a new snapshot",
            "unsubscribes first when it wants one"),
        Lasting(FaultId.F33, FaultLayer.Requests, Exchanges, "old updates",
            "sends old updates once more after an unsubscription was acked and before the next snapshot",
            "has one recovery under way per book") with
        {
            Streams = BookDiffs,
            Parameters = [FaultParameter.Whole("updates", 20, 1, 50, "old updates, as many as there were")],
        },
        Lasting(FaultId.F34, FaultLayer.Requests, Exchanges, "late data", "goes on sending a stream's last frames for a while after its unsubscription",
            "ignores them without a word") with
        {
            Parameters = [FaultParameter.Duration("lasting", "2s", "100ms", "5s", "time over which they come")],
        },
        NotSimulated(FaultId.F35, "Kraken: partial subscription", "retries the rest, paced"),
        NotSimulated(FaultId.F36, "Coinbase: partial subscription", "compares with the list that is echoed"),
    ];
}
