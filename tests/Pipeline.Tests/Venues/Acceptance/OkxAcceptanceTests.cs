using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Acceptance;

public sealed class OkxAcceptanceTests : VenueAcceptanceTests
{
    protected override object Describe() => new AcceptanceVenue(new OkxAdapter())
    {
        Address = host => host.OkxUri,
        Instruments = ["BTC-USDT", "BTC-USDT-PERP"],
        SingleTrades = "trades-all",

        // A contract of the perpetual is a hundredth of a bitcoin.
        UnitsPerBase = instrument => instrument.EndsWith("-PERP", StringComparison.Ordinal) ? 100 : 1,
        Refused = ("tickers:NOPE-USDT", "doesn't exist"),
    };
}
