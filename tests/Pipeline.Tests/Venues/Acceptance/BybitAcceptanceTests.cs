using Pipeline.Venues.Bybit;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BybitAcceptanceTests : ExchangeAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new BybitAdapter())
    {
        Address = host => host.BybitUri,
        SingleTrades = "publicTrade",
        Rest = (http, endpoint, clock) => new BybitRest(http, endpoint, clock),
        Refused = ("publicTrade.NOTASYMBOL", "handler not found"),
    };
}
