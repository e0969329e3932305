using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class InstrumentNamesTests
{
    [Theory]
    [InlineData("BTC-USDT", "BTC", "USDT", InstrumentKind.Spot)]
    [InlineData("BTC-USDT-PERP", "BTC", "USDT", InstrumentKind.Perpetual)]
    [InlineData("币安人生-USDT", "币安人生", "USDT", InstrumentKind.Spot)]
    [InlineData("1000SATS-FDUSD", "1000SATS", "FDUSD", InstrumentKind.Spot)]
    [InlineData("So11111111111111111111111111111111111111112", "So11111111111111111111111111111111111111112", "", InstrumentKind.Token)]
    public void TrySplit_Id_IsTakenApartAndPutTogetherAgain(string id, string baseCurrency, string quote, InstrumentKind kind)
    {
        Assert.True(InstrumentNames.TrySplit(id, out var parts));
        Assert.Equal((baseCurrency, quote, kind), parts);
        Assert.Equal(id, InstrumentNames.IdOf(parts.Base, parts.Quote, parts.Kind));
    }

    [Theory]
    [InlineData("BTCUSDT")]
    [InlineData("BTC-")]
    [InlineData("-PERP")]
    [InlineData("BTC-USDT-SWAP")]
    [InlineData("BTC/USDT")]
    public void TrySplit_SomethingElse_IsNoId(string text) => Assert.False(InstrumentNames.TrySplit(text, out _));

    [Theory]
    [InlineData("So11111111111111111111111111111111111111112", true)]
    [InlineData("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", true)]
    [InlineData("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1vv", false)]
    [InlineData("1111111111111111111111111111111", false)]
    [InlineData("0OIl1111111111111111111111111111", false)]
    [InlineData("", false)]
    public void IsMint_Text_IsJudgedByLengthAndAlphabet(string text, bool expected) => Assert.Equal(expected, InstrumentNames.IsMint(text));

    [Fact]
    public void Fold_OnlyTheLatinAlphabetHasCases() => Assert.Equal("BTC-éıß币Σσ1", InstrumentNames.Fold("btc-éıß币Σσ1"));

    [Theory]
    [InlineData("binance", InstrumentKind.Spot, "BTCUSDT", "BTCUSDT BTC/USDT BINANCE:BTCUSDT")]
    [InlineData("binance-futures", InstrumentKind.Perpetual, "BTCUSDT", "BTCUSDT BTC/USDT:USDT BINANCE:BTCUSDT.P BTCUSDT.P")]
    [InlineData("okx", InstrumentKind.Spot, "BTC-USDT", "BTC/USDT OKX:BTCUSDT BTCUSDT")]
    [InlineData("okx", InstrumentKind.Perpetual, "BTC-USDT-SWAP", "BTC-USDT-SWAP BTC/USDT:USDT OKX:BTCUSDT.P BTCUSDT.P")]
    public void AliasesOf_Instrument_AreTheOtherSpellings(string venue, InstrumentKind kind, string symbol, string expected) =>
        Assert.Equal(expected.Split(' '), InstrumentNames.AliasesOf(InstrumentSamples.Pair(venue, symbol, kind)));

    [Theory]
    [InlineData("btcusdt", "BTC-USDT")]
    [InlineData("BTCTUSD", "BTC-TUSD")]
    [InlineData("ETHBTC", "ETH-BTC")]
    [InlineData("OKX:BTCUSDT.P", "BTC-USDT")]
    [InlineData("BTC/USDT:USDT", "BTC-USDT")]
    [InlineData("BTC-USDT-SWAP", "BTC-USDT")]
    [InlineData("币安人生USDT", "币安人生-USDT")]
    public void GuessIds_Name_FindsWhereTheQuoteBegins(string name, string spot) =>
        Assert.Equal([spot, spot + "-PERP"], InstrumentNames.GuessIds(name));

    [Theory]
    [InlineData("USDT")]
    [InlineData("BTCXYZ")]
    [InlineData("-")]
    [InlineData(":")]
    [InlineData("BTC-*")]
    public void GuessIds_NoPair_IsNothing(string name) => Assert.Empty(InstrumentNames.GuessIds(name));
}
