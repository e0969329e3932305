using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class OkxAcceptanceTests : ExchangeAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new OkxAdapter())
    {
        Address = host => host.OkxUri,
        Instruments = ["BTC-USDT", "BTC-USDT-PERP"],
        SingleTrades = "trades-all",
        Rest = (http, endpoint, clock) => new OkxRest(http, endpoint, clock),

        // A contract of the perpetual is a hundredth of a bitcoin.
        UnitsPerBase = instrument => instrument.EndsWith("-PERP", StringComparison.Ordinal) ? 100 : 1,
        Refused = ("tickers:NOPE-USDT", "doesn't exist"),
    };
}
