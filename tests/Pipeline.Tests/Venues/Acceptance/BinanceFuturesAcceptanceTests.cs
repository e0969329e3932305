using Pipeline.Venues.Binance;
using Pipeline.Venues.Binance.Rest;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BinanceFuturesAcceptanceTests : ExchangeAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new BinanceFuturesAdapter())
    {
        Instruments = ["BTC-USDT-PERP"],
        Address = host => host.BinanceFuturesUri,
        SingleTrades = "trade",
        Rest = (http, endpoint, clock) => new BinanceFuturesRest(http, endpoint, clock),
        Refused = ("btcusdt@@trade", "code 2"),
        PingsUs = true,
    };
}
