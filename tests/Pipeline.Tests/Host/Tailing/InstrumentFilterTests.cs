using Pipeline.Host.Tailing;

namespace Pipeline.Tests.Host.Tailing;

public sealed class InstrumentFilterTests
{
    [Theory]
    [InlineData("BTC-USDT", "binance:BTC-USDT", true)]
    [InlineData("btcusdt", "binance:BTC-USDT:1m:1794900000000000", true)]
    [InlineData("binance:BTC/USDT", "binance:BTC-USDT", true)]
    [InlineData("BINANCE:BTCUSDT", "binance:BTC-USDT", true)]
    [InlineData("BTC/USDT:USDT", "okx:BTC-USDT-PERP", true)]
    [InlineData("BTC-USDT-SWAP", "okx:BTC-USDT-PERP", true)]
    [InlineData("BINANCE:BTCUSDT.P", "binance-futures:BTC-USDT-PERP", true)]
    [InlineData("币安人生/USDT", "binance:币安人生-USDT", true)]
    [InlineData("BTC/USDT:USDT", "okx:BTC-USDT", false)]
    [InlineData("okx:BTC-USDT", "binance:BTC-USDT", false)]
    [InlineData("ETH-USDT", "binance:BTC-USDT", false)]
    [InlineData("BTC-USDT", "binance", false)]
    public void Passes_NameInAnySpelling_FindsWhatItStandsFor(string name, string key, bool expected)
    {
        var sut = new InstrumentFilter([name]);
        Assert.Equal(expected, sut.Passes(key));
        Assert.Equal(expected, sut.Passes(key));
    }

    [Fact]
    public void Passes_WithoutNames_TakesEverything() => Assert.True(new InstrumentFilter([]).Passes(null));

    [Fact]
    public void Unknown_NamesAsWritten_AreThoseThatNoKeyHas() =>
        Assert.Equal(["NOPE/USDT"], new InstrumentFilter(["btcusdt,NOPE/USDT"]).Unknown(["binance:BTC-USDT"]));
}
