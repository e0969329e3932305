namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BinanceSpotBookTests : VenueBookTests
{
    protected override object Describe() => new BookVenueCase("binance")
    {
        Address = host => host.BinanceSpotUri,
        Troubles =
        [
            new("""{"id":"F44","count":2}""", ("snapshots", "too-old", 2), LosesBook: true),

            // Joined updates are none the less unbroken.
            new("""{"id":"F46","for":"5s"}""", ("recoveries", "gap", 0)),
        ],
    };
}
