using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.TestKit.Feeds;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Host.Venues;

public sealed class VenuePlanTests
{
    private readonly InstrumentRegistry _registry = new();

    [Fact]
    public void Of_AnySpellings_PlansTheVenuesOwnStreams()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("btc/usdt"), InstrumentChoice.Of("ETHUSDT"));
        var plan = VenuePlan.Of(venue, VenueListing.OfNames(venue), _registry);

        Assert.Equal(["btcusdt@trade", "btcusdt@bookTicker", "ethusdt@trade", "ethusdt@bookTicker"], plan.Streams.Select(one => one.Name));
        Assert.Equal(["binance:BTC-USDT", "binance:ETH-USDT"], _registry.All.Select(one => one.Key));
        Assert.Equal(0, plan.Symbols.Find("BTCUSDT"u8));
    }

    [Fact]
    public void Of_Pattern_TakesWhatTheListHas()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("*-USDT"));
        var list = new InstrumentDirectory("binance", [InstrumentSamples.Spot("BTC"), InstrumentSamples.Spot("ETH", "BTC"), InstrumentSamples.Spot("币安人生")]);
        var plan = VenuePlan.Of(venue, new VenueListing(list, null), _registry);

        Assert.Equal(["BTC-USDT", "币安人生-USDT"], plan.Instruments.Select(one => one.Id));
        Assert.Contains(plan.Streams, one => one.Name == "币安人生usdt@trade");
    }

    [Fact]
    public void Of_InstrumentInContracts_IsRegisteredWithTheirSize()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USDT"));
        var listed = InstrumentSamples.Spot("BTC") with { ContractSize = Number.Parse("0.01") };
        VenuePlan.Of(venue, new VenueListing(new InstrumentDirectory("binance", [listed]), null), _registry);

        Assert.Equal(Number.Parse("0.01"), Assert.Single(_registry.All).ContractSize);
    }

    [Fact]
    public void Of_NamesThatAreNot_AreAllInTheMessage()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USD"), InstrumentChoice.Of("ETH-USD"));
        var list = new InstrumentDirectory("binance", [InstrumentSamples.Spot("BTC")]);
        var error = Assert.Throws<VenueException>(() => VenuePlan.Of(venue, new VenueListing(list, null), _registry));

        Assert.Contains("binance has no BTC-USD; did you mean BTC-USDT", error.Message, StringComparison.Ordinal);
        Assert.Contains("binance has no ETH-USD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneNameThatIsNot_IsLeftOut()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("GONE-USDT"));
        var list = new InstrumentDirectory("binance", [InstrumentSamples.Spot("BTC")]);
        var plan = VenuePlan.Of(venue, new VenueListing(list, null), _registry);

        Assert.Equal(["BTC-USDT"], plan.Instruments.Select(one => one.Id));
        Assert.StartsWith("binance has no GONE-USDT", Assert.Single(plan.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EveryToken_TakesTheStreamOnceAndTokensAsTheyCome()
    {
        const string mint = "So11111111111111111111111111111111111111112";
        const string other = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
        var options = new VenueOptions
        {
            Name = "chain",
            WebSocketEndpoint = new Uri("ws://h:1"),
            Instruments = [InstrumentChoice.Of(mint), InstrumentChoice.Of("*")],
            Channels = [StreamChannel.Price],
        };
        var venue = new VenueAccess(options, new TokenAdapter(), null);
        var discovered = new List<string>();
        var plan = VenuePlan.Of(venue, VenueListing.OfNames(venue), _registry, discovered: token => discovered.Add(token.Key));

        Assert.Equal(["events"], plan.Streams.Select(one => one.Name));
        Assert.Equal(0, plan.Symbols.FindOrDiscover(MintBytes(mint)));
        Assert.Equal(1, plan.Symbols.FindOrDiscover(MintBytes(other)));
        Assert.Equal([$"chain:{other}"], discovered);
        Assert.Equal(2, _registry.All.Count);
    }

    [Fact]
    public void Of_Channels_StreamsSayWhatTheyCarryAndHowMuchTheyMatter()
    {
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USDT"));
        venue = venue with
        {
            Options = venue.Options with
            {
                Channels = [StreamChannel.VenueCandle, StreamChannel.Quote, StreamChannel.Ticker, StreamChannel.Book, StreamChannel.Trade],
                VenueCandleIntervals = [CandleInterval.Parse("1m"), CandleInterval.Parse("1h")],
            },
        };
        var plan = VenuePlan.Of(venue, VenueListing.OfNames(venue), _registry);

        Assert.Equal(
            ["candle:1m 3", "candle:1h 3", "quote 2", "ticker 4", "book 1", "trade 0"], plan.Streams.Select(one => $"{one.DataType} {one.Rank}"));
        Assert.All(plan.Streams, one => Assert.Same(_registry.All[0], one.Instrument));
    }

    [Fact]
    public void Anew_MostTradedThatHardlyChange_KeepsThoseThatAreTaken()
    {
        string[] coins = ["A", "B", "C", "D", "E", "F", "G"];
        var list = new InstrumentDirectory("binance", [.. coins.Select(coin => InstrumentSamples.Spot(coin))]);
        VenueListing Ranked(string order) => new(
            list, order.Select((coin, rank) => (coin, rank)).ToDictionary(one => $"{one.coin}USDT", one => Number.Parse($"{100 - one.rank}")));
        var venue = VenueSamples.Binance(null, new InstrumentChoice { Top = 5 });
        var plan = VenuePlan.Of(venue, Ranked("ABCDEFG"), _registry);
        var close = plan.Anew(venue, Ranked("ABCDFEG"), _registry);
        var far = plan.Anew(venue, Ranked("ABCDFGE"), _registry);

        Assert.Equal("A B C D E", Names(plan));
        Assert.Equal("A B C D E", Names(close));
        Assert.Equal("A B C D F", Names(far));
    }

    private static string Names(VenuePlan plan) => string.Join(' ', plan.Instruments.Select(one => one.Base));

    [Fact]
    public void CountStreams_Pattern_IsNotKnownBeforehand()
    {
        Assert.Null(VenuePlan.CountStreams(VenueSamples.Binance(null, InstrumentChoice.Of("*-USDT")).Options));
        Assert.Equal(2, VenuePlan.CountStreams(VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USDT")).Options));
    }

    private static byte[] MintBytes(string mint) => System.Text.Encoding.ASCII.GetBytes(mint);
}
