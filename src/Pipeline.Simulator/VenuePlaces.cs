using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance;
using Pipeline.Simulator.Binance.Futures;
using Pipeline.Simulator.Bybit;
using Pipeline.Simulator.Okx;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Solana;

namespace Pipeline.Simulator;

/// <summary>The dialects that a topology asks for.</summary>
internal static class VenuePlaces
{
    public static IReadOnlyList<VenuePlace> Of(SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
    {
        // :: One entry per dialect, each when its address is given.
        List<VenuePlace> places =
        [
            new("simulator.binanceSpotListen", options.BinanceSpotListen, new BinanceSpotDialect(options, clock, recording, log)),
        ];
        if (options.BinanceFuturesListen is { } futures)
        {
            places.Add(new("simulator.binanceFuturesListen", futures, new BinanceFuturesDialect(options, clock, recording, log)));
        }

        if (options.OkxListen is { } okx)
        {
            places.Add(new VenuePlace("simulator.okxListen", okx, new OkxDialect(clock)));
        }

        if (options.BybitListen is { } bybit)
        {
            places.Add(new VenuePlace("simulator.bybitListen", bybit, new BybitDialect(clock)));
        }

        if (options.SolanaListen is { } solana)
        {
            places.Add(new VenuePlace("simulator.solanaListen", solana, new SolanaDialect(options.Seed)));
        }

        return places;
    }
}
