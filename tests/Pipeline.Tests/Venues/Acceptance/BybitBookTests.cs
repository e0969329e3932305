namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BybitBookTests : VenueBookTests
{
    protected override object Describe() => new BookVenueCase("bybit")
    {
        Address = host => host.BybitUri,
        Serve = options => options with { BybitListen = new Uri("http://127.0.0.1:0") },
        CountsPushes = true,
        Troubles =
        [
            .. Enumerable.Repeat(new BookTrouble("""{"id":"F63","stream":"orderbook.200.ETHUSDT","count":1}""", ("snapshots", "applied", 1)), 3),
        ],
    };
}
