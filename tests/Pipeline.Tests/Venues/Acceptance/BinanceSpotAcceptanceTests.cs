using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BinanceSpotAcceptanceTests : VenueAcceptanceTests
{
    [Fact(Skip = "needs the pool")]
    public override Task Subscribe_OneRefusedAmongGood_LosesTheRefusedAlone() => base.Subscribe_OneRefusedAmongGood_LosesTheRefusedAlone();

    protected override object Describe() => new AcceptanceVenue(new BinanceSpotAdapter())
    {
        Address = host => host.BinanceSpotUri,
        SingleTrades = "trade",
        Refused = ("btcusdt@@trade", "code 2"),
        PingsUs = true,
    };
}
