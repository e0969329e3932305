using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>Faults of the data.</summary>
internal static partial class FaultCatalog
{
    private static IEnumerable<FaultDefinition> Data() =>
    [
        Lasting(FaultId.F40, FaultLayer.Connection, Everywhere, "silent stall", "sends no data; pings and answers go on",
            "notices, reconnects and fetches what it missed"),
        Lasting(FaultId.F41, FaultLayer.Frames, Everywhere, "one stream stalls", "sends nothing on the streams asked for; give stream or symbol",
            "notices that one stream is quieter than its neighbours"),
        Always(FaultId.F42, Binance, "application heartbeat", "answers LIST_SUBSCRIPTIONS within the message limit", "may use it as a heartbeat"),
        Lasting(FaultId.F43, FaultLayer.Frames, Exchanges, "depth gap", "leaves out so many book updates (count)",
            "fetches one snapshot and goes on from it") with
        { DefaultCount = 1, Streams = BookDiffs },
        Lasting(FaultId.F44, FaultLayer.Rest, Exchanges, "stale snapshot", "answers with book snapshots whose id lies before the buffered updates",
            "keeps its buffer, backs off, tries again and succeeds") with
        {
            DefaultCount = 3,
            Parameters = [FaultParameter.Whole("behind", 1_000_000, 1, 1_000_000_000, "ids by which a snapshot is too old")],
        },
        Lasting(FaultId.F45, FaultLayer.Rest, Everywhere, "REST refused",
            "answers with 429 and Retry-After, then with 418; or with one status, no answer, a reset or an empty list",
            "slows down all its requests together, and waits as long as it is told") with
        {
            Parameters =
            [
                FaultParameter.Choice(
                    "status", ["ban", "429", "418", "403", "500", "502", "503", "504", "hang", "reset", "empty"], "ban: 429 a few times, then 418"),
                FaultParameter.Whole("warnings", 3, 0, 1000, "answers 429 before 418"),
                FaultParameter.Duration("retryAfter", "10s", "0s", "3d", "Retry-After in whole seconds; 0s = the header is left out"),
                FaultParameter.Text("path", "*", "requests it concerns, a pattern such as */depth*"),
            ],
        },
        Lasting(FaultId.F46, FaultLayer.Frames, Binance, "regrouped updates",
            "joins two book updates into one, on every other connection or on the one that is named: two connections cut the ids differently",
            "never continues one connection's book with the other's updates") with
        { Streams = ["*@depth", "*@depth@*"] },
        Lasting(FaultId.F47, FaultLayer.Frames, Exchanges, "quotes out of order", "swaps a quote with the next one", "drops the older one") with
        {
            DefaultCount = 1, Streams = ["*@bookTicker", "bbo-tbt*", "tickers*", "orderbook.1.*"],
        },
        Lasting(FaultId.F48, FaultLayer.World, Exchanges, "hole in trade ids", "skips ids of trades and aggregates for good; REST lacks them too",
            "tries to fetch them a few times, then marks the gap") with
        {
            DefaultCount = 1,
            Parameters = [FaultParameter.Whole("ids", 5, 1, 1000, "ids skipped")],
        },
        Lasting(FaultId.F49, FaultLayer.World, Binance, "trade ids missing in aggregates",
            "skips trade ids between aggregates whose own ids go on", "takes it for no gap of aggregates") with
        {
            DefaultCount = 1,
            Parameters = [FaultParameter.Whole("ids", 5, 1, 1000, "ids skipped")],
        },
        Lasting(FaultId.F50, FaultLayer.Frames, Binance, "off-market fills",
            "adds trades of an insurance fund, of deleveraging or of no kind, with a quantity of zero", "filters and counts them") with
        {
            DefaultCount = 10,
            Streams = ["*@trade", "*@aggTrade"],
            Parameters = [FaultParameter.Choice("kind", ["INSURANCE_FUND", "ADL", "NA"], "what X says")],
        },
        Lasting(FaultId.F51, FaultLayer.World, Exchanges, "empty candles", "makes no trades: candles come with no ids, no trades and no volume",
            "takes them for valid candles") with
        { DefaultFor = TimeSpan.FromSeconds(5) },
        Lasting(FaultId.F52, FaultLayer.Frames, Exchanges, "late or missing close",
            "sends a candle's last frame late, twice, not at all or after the next candle's first", "repairs it by REST; the last word per candle counts") with
        {
            DefaultCount = 1,
            Streams = Klines,
            Parameters =
            [
                FaultParameter.Choice("mode", ["late", "drop", "duplicate", "swap"], "what happens to it"),
                FaultParameter.Duration("delay", "1500ms", "100ms", "10m", "how late"),
                FaultParameter.Choice("frames", ["closing", "all"], "closing frames only, or any"),
            ],
        },
        Lasting(FaultId.F53, FaultLayer.Frames, Everywhere, "new fields and types",
            "adds keys, nested values and nulls that nobody has announced, and messages of unknown kinds", "ignores them") with
        {
            Parameters = [FaultParameter.Choice("mode", ["both", "fields", "types"], "which of the two")],
        },
        Lasting(FaultId.F54, FaultLayer.Frames, Everywhere, "escaped symbols",
            "writes symbols with \\u escapes; listed symbols with other letters than Latin ones are always sent as UTF-8",
            "compares names after unescaping"),
        Always(FaultId.F55, Okx, "book keep-alive", "sends an empty update with prevSeqId = seqId after 60 s without a change", "leaves its chain alone"),
        Lasting(FaultId.F56, FaultLayer.Dialect, Okx, "sequence reset",
            "lets the seqId of an instrument begin anew near zero, on all connections; the first update still names the id before", "accepts it without a new snapshot") with
        { DefaultCount = 1, Streams = ["books:*"] },
        Lasting(FaultId.F57, FaultLayer.Frames, Okx, "sequence gap", "leaves out so many book updates (count)", "marks the book stale before all else") with
        {
            DefaultCount = 1, Streams = ["books:*"],
        },
        Always(FaultId.F58, Okx, "checksum 0", "sends 0 for every checksum, as the venue does since 2026-06-23", "takes 0 for no value"),
        Lasting(FaultId.F59, FaultLayer.Frames, Okx, "renamed", "changes instId in data rows under a running subscription; arg keeps the old name",
            "routes by arg, and knows aliases") with
        {
            Parameters = [FaultParameter.Text("to", "RENAMED-USDT", "the new name")],
        },
        Lasting(FaultId.F60, FaultLayer.Frames, Okx, "same time twice", "sends another mark price with the same ts before the right one", "takes the last") with
        {
            DefaultCount = 1, Streams = ["mark-price*"],
        },
        Always(FaultId.F61, Binance, "microseconds", "counts times in microseconds on connections that ask for it by timeUnit=MICROSECOND",
            "takes the unit from what it asked for"),
        Lasting(FaultId.F62, FaultLayer.Frames, Futures, "mixed markets",
            "adds rows of the coin-margined market, with T 0, to arrays over all markets, and sends an array in two frames", "filters them") with
        { Streams = ["!*"] },
        Lasting(FaultId.F63, FaultLayer.Dialect, Bybit, "book anew", "sends all subscribers of the topic a snapshot with u = 1 under a running subscription", "replaces its book") with
        {
            DefaultCount = 1, Streams = ["orderbook*"],
        },
        NotSimulated(FaultId.F64, "Coinbase: time of year 1", "drops the row, keeps the connection"),
        NotSimulated(FaultId.F65, "Kraken: ticker of 1970", "ignores it"),
        new(FaultId.F66, FaultKind.AtOnce, FaultLayer.Connection, "huge message", "sends a message of megabytes in fragments of 16 KiB",
            "bounds what it buffers, by a setting", Everywhere)
        {
            Parameters = [FaultParameter.Whole("bytes", 5_000_000, 1000, 16_000_000, "size of the message")],
        },
        Lasting(FaultId.F67, FaultLayer.Rest, Everywhere, "slow or stale REST", "answers late, or with what it answered before",
            "never goes back behind what it has seen") with
        {
            Parameters =
            [
                FaultParameter.Duration("delay", "0s", "0s", "10m", "time before an answer"),
                FaultParameter.Duration("stale", "30s", "0s", "1h", "age up to which an answer is given again"),
                FaultParameter.Text("path", "*", "requests it concerns, a pattern such as */depth*"),
            ],
        },
        Lasting(FaultId.F68, FaultLayer.World, Everywhere, "clock skew", "lets the time at which the venue says it sends run ahead or behind",
            "bears negative delays") with
        {
            Parameters = [FaultParameter.Whole("milliseconds", 3000, -600_000, 600_000, "ahead of the clock; negative = behind")],
        },
        new(FaultId.F69, FaultKind.Always, FaultLayer.World, "client drops",
            "sends all it makes, however much: raise the rates, or use load mode", "loses nothing between socket and handler",
            [SimulatedVenue.BinanceSpot, SimulatedVenue.BinanceFutures, SimulatedVenue.Okx, SimulatedVenue.Bybit, SimulatedVenue.Solana]),
        Lasting(FaultId.F70, FaultLayer.World, Exchanges, "false candle",
            "closes a candle that has trades with one wrong value, on the stream and by REST alike", "tells which value contradicts the trades") with
        {
            DefaultCount = 1,
            Parameters =
            [
                FaultParameter.Choice("field", [.. KlineFields.Names], "the value that is wrong, by its smallest step"),
                FaultParameter.Choice("interval", [.. KlineFields.Intervals], "candles it concerns"),
            ],
        },
        Lasting(FaultId.F71, FaultLayer.World, Exchanges, "corrected candle",
            "tells the oldest candle that F70 made wrong once more, closed and right, on the stream; REST has it right from then on",
            "takes the last word for the venue's, and tells it from a difference that stays") with
        { DefaultCount = 1 },
        Lasting(FaultId.F72, FaultLayer.World, Exchanges, "withheld trade",
            "makes so many trades (count) that candles count, and that neither streams nor REST ever show; their ids are missing",
            "marks the hole, and tells that the candle counts more than was shown") with
        { DefaultCount = 1 },
        Lasting(FaultId.F73, FaultLayer.Frames, Exchanges, "trades twice", "sends a frame of trades twice in a row", "takes every trade once") with
        {
            DefaultCount = 1, Streams = Trades,
        },
        Lasting(FaultId.F74, FaultLayer.Frames, Exchanges, "trades out of order", "swaps a frame of trades with the next one",
            "puts them in order by their ids, and tells nobody of a loss") with
        {
            DefaultCount = 1, Streams = Trades,
        },
    ];
}
