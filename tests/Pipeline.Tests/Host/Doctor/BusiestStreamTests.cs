using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Doctor.Venues;
using Pipeline.Host.Venues;

namespace Pipeline.Tests.Host.Doctor;

public sealed class BusiestStreamTests
{
    [Theory]
    [InlineData("binance", "BTC-USDT", "trade quote book", "", "btcusdt@depth@100ms", true)]
    [InlineData("binance", "BTC-USDT", "ticker trade", "", "btcusdt@ticker", true)]
    [InlineData("binance", "BTC-USDT", "trade", "", "btcusdt@depth@100ms", true)]
    [InlineData("binance-futures", "BTC-USDT-PERP", "trade", "market", "btcusdt@markPrice@1s", true)]
    [InlineData("okx", "BTC-USDT", "venueCandle trade", "business", "trades-all:BTC-USDT", false)]
    [InlineData("okx", "BTC-USDT", "quote trade", "public", "bbo-tbt:BTC-USDT", true)]
    public void Of_ChoosesWhatOughtToSpeakFirst(string venue, string instrument, string channels, string route, string stream, bool isLively)
    {
        var busiest = BusiestStream.Of(Plan(venue, instrument, channels), route);

        Assert.Equal((stream, isLively), (busiest!.Stream.Name, busiest.IsLively));
    }

    [Fact]
    public void Of_NothingOverThatRoute_IsNone() => Assert.Null(BusiestStream.Of(Plan("okx", "BTC-USDT", "quote"), "business"));

    private static VenuePlan Plan(string venue, string instrument, string channels)
    {
        var adapter = KnownVenues.Adapter(venue);
        var options = new VenueOptions
        {
            Name = venue,
            WebSocketEndpoint = new Uri("ws://127.0.0.1:1"),
            Instruments = [new InstrumentChoice { Name = instrument }],
            Channels = [.. channels.Split(' ').Select(word => Enum.Parse<StreamChannel>(word, ignoreCase: true))],
            TradeSource = adapter.TradeSources[0],
        };
        var access = new VenueAccess(options, adapter, null);
        return VenuePlan.Of(access, VenueListing.OfNames(access), new InstrumentRegistry());
    }
}
