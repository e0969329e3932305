using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class SimulatorKeys
{
    // An hour of recording is six weeks of replay then.
    private const double SlowestReplay = 0.001;

    // Capitals where the script has them, and letters of scripts that have none: venues list symbols such as 币安人生USDT.
    private const string Pair = @"^[\p{Lu}\p{Lo}\p{N}]{1,30}-[\p{Lu}\p{Lo}\p{N}]{1,30}$";

    private static RealShape Rate => new(0, 1_000_000);

    public static Section<SimulatorOptions> Make() =>
        new Section<SimulatorOptions>(() => new SimulatorOptions())
            .Key("binanceSpotListen", new AddressShape("http"), o => o.BinanceSpotListen, (o, v) => o with { BinanceSpotListen = v },
                "Address of the Binance spot dialect: WebSocket and REST.")
            .Key("binanceFuturesListen", new AddressShape("http"), o => o.BinanceFuturesListen,
                (o, v) => o with { BinanceFuturesListen = v }, "Address of the Binance USDⓈ-M futures dialect; without it there is none.")
            .Key("okxListen", new AddressShape("http"), o => o.OkxListen, (o, v) => o with { OkxListen = v },
                "Address of the OKX dialect; without it there is none.")
            .Key("bybitListen", new AddressShape("http"), o => o.BybitListen, (o, v) => o with { BybitListen = v },
                "Address of the Bybit dialect; without it there is none.")
            .Key("solanaListen", new AddressShape("http"), o => o.SolanaListen, (o, v) => o with { SolanaListen = v },
                "Address of the stream of on-chain program events; without it there is none.")
            .Key("controlListen", new AddressShape("http"), o => o.ControlListen, (o, v) => o with { ControlListen = v },
                "Address of the control port: status, faults, ground truth.")
            .Key("past", new FlagShape(), o => o.Past, (o, v) => o with { Past = v },
                "Whether candles can be asked for from before the start: made up, the same for the same seed and start.")
            .Key("seed", new IntegerShape(int.MinValue, int.MaxValue), o => o.Seed, (o, v) => o with { Seed = v },
                "Seed of every random choice: the same seed makes the same market.")
            .Key("tradesPerSecond", Rate, o => o.TradesPerSecond, (o, v) => o with { TradesPerSecond = v },
                "Taker orders per second and symbol.")
            .Key("quotesPerSecond", Rate, o => o.QuotesPerSecond, (o, v) => o with { QuotesPerSecond = v },
                "Quote changes per second and symbol.")
            .Key("symbols", new MapShape<SimulatedSymbol>(new MapNames("instrument", "BTC-USDT") { Pattern = Pair }, MakeSymbol),
                _ => null, (o, v) => o with { Symbols = [.. v.Select(one => one.Value)] },
                "What the simulated venues list, each in its own spelling.")
            .Key("replay", MakeReplay(), _ => null, (o, v) => o with { Replay = v },
                "Recorded frames to replay instead of a simulated market.")
            .Key("load", new FlagShape(), o => o.Load, (o, v) => o with { Load = v },
                "As many events as clients take, whatever the rates, which keep their proportion.")
            .Key("scenario", new TextShape("a file", "^.+$"), _ => null, (o, v) => o with { Scenario = v },
                "File of scripted faults, such as topology/scenarios/reconnects.yaml.")
            .Key("transcript", new TextShape("a file or a folder", "^.+$"), _ => null, (o, v) => o with { Transcript = v },
                "File, or folder that exists, to which every frame in and out is written.")
            .Key("maxUnsentBytes", new SizeShape(64 * SizeShape.KiB, 64 * SizeShape.GiB), o => o.MaxUnsentBytes,
                (o, v) => o with { MaxUnsentBytes = v }, "A connection with more unsent bytes than this is closed, as a real venue would.")
            .Rule(["symbols", "replay"], HasSomethingToSend);

    private static Section<SimulatedSymbol> MakeSymbol(string name)
    {
        var exact = new ExactShape();
        return new Section<SimulatedSymbol>(() => new SimulatedSymbol(name, Number.Zero, Number.Zero, Number.Zero))
            .Required("price", exact, (o, v) => o with { Price = v }, "Opening price.")
            .Required("priceStep", exact, (o, v) => o with { PriceStep = v }, "Smallest price change.")
            .Required("quantityStep", exact, (o, v) => o with { QuantityStep = v }, "Smallest quantity.")
            .Key("tradesPerSecond", Rate, o => o.TradesPerSecond, (o, v) => o with { TradesPerSecond = v },
                "Taker orders per second; 0.0003 is about one an hour. Left out: simulator.tradesPerSecond.")
            .Key("quotesPerSecond", Rate, o => o.QuotesPerSecond, (o, v) => o with { QuotesPerSecond = v },
                "Quote changes per second. Left out: simulator.quotesPerSecond.")
            .Rule(["price"], SymbolRules.PriceIsInBounds)
            .Rule(["priceStep"], SymbolRules.PriceStepIsInBounds)
            .Rule(["quantityStep"], SymbolRules.QuantityStepIsInBounds)
            .Rule(["price", "priceStep"], SymbolRules.PriceFitsStep);
    }

    private static Section<ReplayOptions> MakeReplay() =>
        new Section<ReplayOptions>(() => new ReplayOptions { Recording = "" })
            .Required("recording", new TextShape("a name", "^.+$"), (o, v) => o with { Recording = v },
                "Name of a recording in the recordings folder (PIPELINE_RECORDINGS), or a path without .jsonl.gz.")
            .Key("speed", new RealShape(0, 10_000), o => o.Speed, (o, v) => o with { Speed = v },
                "Times as fast as recorded, at least 0.001; 0 = as fast as the connection takes it.")
            .Rule(["speed"], EndsInALifetime);

    private static IEnumerable<Breach> EndsInALifetime(ReplayOptions replay)
    {
        if (replay.Speed is > 0 and < SlowestReplay)
        {
            yield return new Breach("speed", FormattableString.Invariant($"must be 0 or at least {SlowestReplay}, not {replay.Speed}"),
                "write 0 for as fast as the connection takes it");
        }
    }

    private static IEnumerable<Breach> HasSomethingToSend(SimulatorOptions simulator)
    {
        if (simulator.Replay is null && simulator.Symbols.Count == 0)
        {
            yield return new Breach("symbols", "the simulator has neither symbols nor a replay",
                "add symbols, such as BTC-USDT, or a replay");
        }
    }
}
