using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance;
using Pipeline.Simulator.Binance.Futures;
using Pipeline.Simulator.Replay;

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

        return places;
    }
}
