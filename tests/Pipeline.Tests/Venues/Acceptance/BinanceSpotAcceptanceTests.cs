using Pipeline.Venues.Binance;
using Pipeline.Venues.Binance.Rest;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BinanceSpotAcceptanceTests : ExchangeAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new BinanceSpotAdapter())
    {
        Address = host => host.BinanceSpotUri,
        SingleTrades = "trade",
        Rest = (http, endpoint, clock) => new BinanceSpotRest(http, endpoint, clock),
        Refused = ("btcusdt@@trade", "code 2"),
        PingsUs = true,
    };
}
