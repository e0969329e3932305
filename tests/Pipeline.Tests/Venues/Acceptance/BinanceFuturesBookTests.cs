namespace Pipeline.Tests.Venues.Acceptance;

public sealed class BinanceFuturesBookTests : VenueBookTests
{
    protected override object Describe() => new BookVenueCase("binance-futures")
    {
        Address = host => host.BinanceFuturesUri,
        Serve = options => options with { BinanceFuturesListen = new Uri("http://127.0.0.1:0") },
        Suffix = "-PERP",
        Troubles = [new("""{"id":"F44","count":2}""", ("snapshots", "too-old", 2), LosesBook: true)],
    };
}
