using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Tests.Hub;

namespace Pipeline.Gateway.Tests.Instruments;

public sealed class InstrumentBookTests
{
    [Theory]
    [InlineData("binance:BTC-USDT", null, "binance:BTC-USDT")]
    [InlineData("BTC-USDT", "binance", "binance:BTC-USDT")]
    [InlineData("btc-usdt", "BINANCE", "binance:BTC-USDT")]
    [InlineData("BTC/USDT", "binance", "binance:BTC-USDT")]
    [InlineData("BTC/USDT:USDT", "okx", "okx:BTC-USDT-PERP")]
    [InlineData("BTCUSDT", "binance", "binance:BTC-USDT")]
    [InlineData("BINANCE:BTCUSDT", null, "binance:BTC-USDT")]
    [InlineData("BINANCE:BTCUSDT.P", null, "binance-futures:BTC-USDT-PERP")]
    [InlineData("BTC-USDT-SWAP", "okx", "okx:BTC-USDT-PERP")]
    [InlineData("OKX:BTCUSDT.P", null, "okx:BTC-USDT-PERP")]
    [InlineData("BTC-USDT-PERP", "okx", "okx:BTC-USDT-PERP")]
    public void EverySpelling_FindsTheInstrument(string name, string? venue, string key)
    {
        var found = Assert.Single(Directory().Find(name, venue));
        Assert.Equal(key, $"{found.Info.Venue}:{found.Info.Id}");
    }

    [Theory]
    [InlineData("BTC-USDT", "binance:BTC-USDT okx:BTC-USDT")]
    [InlineData("BTC/USDT:USDT", "binance-futures:BTC-USDT-PERP okx:BTC-USDT-PERP")]
    [InlineData("DOGE-USDT", "")]
    [InlineData("", "")]
    [InlineData("<b>", "")]
    public void WithoutExchange_AllVenuesAnswer(string name, string keys) =>
        Assert.Equal(keys, string.Join(' ', Directory().Find(name).Select(one => $"{one.Info.Venue}:{one.Info.Id}")));

    [Fact]
    public void Exchange_InTradingViewsNameStandsForAllMarketsOfIt()
    {
        var found = SymbolResolver.Find(Directory(), ["BINANCE"], "BTC*");
        Assert.Equal(["binance-futures:BTC-USDT-PERP", "binance:BTC-USDT"], found.Select(one => $"{one.Info.Venue}:{one.Info.Id}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Renamed_IsFoundUnderItsFormerName_AndADelistedOneUnderItsOwn()
    {
        var hub = new StillHub();
        hub.Log.Instrument("binance", "MATIC-USDT", "MATICUSDT", status: "delisted", revision: 2);
        hub.Log.Instrument("binance", "POL-USDT", "POLUSDT", aliases: """["POLUSDT","POL/USDT","MATIC-USDT","MATICUSDT"]""");
        hub.Log.Instrument("binance", "LUNA-USDT", "LUNAUSDT", status: "delisted", revision: 2);
        var book = hub.Start().State.Instruments;

        Assert.Equal("POL-USDT", Assert.Single(book.Find("MATIC-USDT")).Info.Id);
        Assert.Equal("POL-USDT", Assert.Single(book.Find("binance:MATIC-USDT")).Info.Id);
        Assert.Equal("POL-USDT", Assert.Single(book.Find("MATICUSDT")).Info.Id);
        Assert.Equal("LUNA-USDT", Assert.Single(book.Find("LUNAUSDT")).Info.Id);
        Assert.Equal("MATIC-USDT", book.Get("binance:MATIC-USDT")!.Info.Id);
    }

    [Fact]
    public void Revisions_TheNewestHolds_AndTheVersionRises()
    {
        var hub = new StillHub();
        hub.Log.Instrument("binance", "BTC-USDT", "BTCUSDT", revision: 2, status: "halted");
        hub.Log.Instrument("binance", "BTC-USDT", "BTCUSDT", revision: 1);
        var book = hub.Start().State.Instruments;
        var version = book.Version;
        Assert.Equal(2, Assert.Single(book.All).Revision);
        hub.Log.Instrument("binance", "ETH-USDT", "ETHUSDT");
        hub.Read();
        Assert.True(book.Version > version);
        Assert.Equal(["BTC-USDT", "ETH-USDT"], book.All.Select(one => one.Info.Id));
    }

    [Fact]
    public void AmbiguousWithinAVenue_IsToldByItsPlace()
    {
        var hub = new StillHub();
        hub.Log.Instrument("bybit", "BTC-USDT", "BTCUSDT");
        hub.Log.Instrument("bybit", "BTC-USDT-PERP", "BTCUSDT", kind: "perpetual");
        hub.Log.Trade("bybit:BTC-USDT", 1);
        var client = hub.Start().Connect();

        var ack = client.Subscribe("""{"symbols":["BTCUSDT","BTC-USDT"]}""");
        Assert.Equal("""{"type":"ack","id":"1","filterId":"f1","streams":1,"ambiguous":[0]}""", ack.GetRawText());
    }

    private static InstrumentBook Directory()
    {
        var hub = new StillHub();
        hub.Log.Instrument("binance", "BTC-USDT", "BTCUSDT");
        hub.Log.Instrument("binance", "ETH-BTC", "ETHBTC");
        hub.Log.Instrument("binance-futures", "BTC-USDT-PERP", "BTCUSDT", kind: "perpetual");
        hub.Log.Instrument("okx", "BTC-USDT", "BTC-USDT");
        hub.Log.Instrument("okx", "BTC-USDT-PERP", "BTC-USDT-SWAP", kind: "perpetual");
        return hub.Start().State.Instruments;
    }
}
