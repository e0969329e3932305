namespace Pipeline.Tests.Venues.Acceptance;

public sealed class OkxBookTests : VenueBookTests
{
    protected override object Describe() => new BookVenueCase("okx")
    {
        Address = host => host.OkxUri,
        Serve = options => options with { OkxListen = new Uri("http://127.0.0.1:0") },
        More = ["ETH-USDT-PERP"],

        // A contract of the perpetual is a hundredth of a coin.
        UnitsPerBase = instrument => instrument.EndsWith("-PERP", StringComparison.Ordinal) ? 100 : 1,
        Troubles = [new("""{"id":"F57","stream":"books:ETH-USDT-SWAP","count":3}""", ("recoveries", "gap", 1))],
    };
}
