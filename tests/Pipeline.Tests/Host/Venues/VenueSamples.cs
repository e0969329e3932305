using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Host.Venues;

internal static class VenueSamples
{
    public static VenueAccess Binance(IVenueRest? rest, params InstrumentChoice[] choices) => new(
        new VenueOptions
        {
            Name = "binance",
            WebSocketEndpoint = new Uri("ws://h:1"),
            RestEndpoint = rest is null ? null : new Uri("http://api.example.com"),
            Instruments = choices,
            TradeSource = "trade",
        },
        new BinanceSpotAdapter(),
        rest);
}
