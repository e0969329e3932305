using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class InstrumentDirectoryTests
{
    private const string Wrapped = "So11111111111111111111111111111111111111112";

    private static readonly InstrumentDirectory Binance = new(
        "binance", [InstrumentSamples.Spot("BTC"), InstrumentSamples.Spot("ETH"), InstrumentSamples.Spot("ETH", "BTC"), InstrumentSamples.Spot("币安人生")]);

    private static readonly InstrumentDirectory Okx = new(
        "okx", [InstrumentSamples.OkxSpot("BTC"), InstrumentSamples.Swap("BTC"), InstrumentSamples.Swap("BTC", "USDC"), InstrumentSamples.OkxSpot("ETH")]);

    [Theory]
    [InlineData("BTC-USDT", "BTC-USDT")]
    [InlineData("btc-usdt", "BTC-USDT")]
    [InlineData("binance:BTC-USDT", "BTC-USDT")]
    [InlineData("BTC/USDT", "BTC-USDT")]
    [InlineData("btc/usdt", "BTC-USDT")]
    [InlineData("BINANCE:BTCUSDT", "BTC-USDT")]
    [InlineData("Binance:btcusdt", "BTC-USDT")]
    [InlineData("btcusdt", "BTC-USDT")]
    [InlineData("ETHBTC", "ETH-BTC")]
    [InlineData("币安人生USDT", "币安人生-USDT")]
    [InlineData("币安人生usdt", "币安人生-USDT")]
    public void Find_AnySpelling_IsTheOne(string name, string id) => Assert.Equal(id, Assert.Single(Binance.Find(name)).Id);

    [Theory]
    [InlineData("BTC-USDT", "BTC-USDT")]
    [InlineData("BTCUSDT", "BTC-USDT")]
    [InlineData("OKX:BTCUSDT", "BTC-USDT")]
    [InlineData("BTC/USDT", "BTC-USDT")]
    [InlineData("BTC-USDT-SWAP", "BTC-USDT-PERP")]
    [InlineData("btc-usdt-swap", "BTC-USDT-PERP")]
    [InlineData("BTC-USDT-PERP", "BTC-USDT-PERP")]
    [InlineData("BTC/USDT:USDT", "BTC-USDT-PERP")]
    [InlineData("OKX:BTCUSDT.P", "BTC-USDT-PERP")]
    [InlineData("BTCUSDC.P", "BTC-USDC-PERP")]
    public void Find_SpotAndPerpetual_AreToldApart(string name, string id) => Assert.Equal(id, Assert.Single(Okx.Find(name)).Id);

    [Theory]
    [InlineData("BTC-USDT-PERP")]
    [InlineData("BINANCE:BTCUSDT.P")]
    [InlineData("OKX:BTCUSDT")]
    [InlineData("BTC/USDT:USDT")]
    [InlineData("币安人死USDT")]
    public void Find_WhatTheVenueHasNot_IsNothing(string name) => Assert.Empty(Binance.Find(name));

    [Fact]
    public void Find_ExchangeAndPairOfItsSpotMarket_IsNotTheFuture()
    {
        var futures = new InstrumentDirectory("binance-futures", [InstrumentSamples.Pair("binance-futures", "BTCUSDT", InstrumentKind.Perpetual)]);

        Assert.Single(futures.Find("BTCUSDT"));
        Assert.Single(futures.Find("BINANCE:BTCUSDT.P"));
        Assert.Empty(futures.Find("BINANCE:BTCUSDT"));
    }

    [Fact]
    public void Find_SymbolOfTwoMarkets_IsBoth()
    {
        var bybit = new InstrumentDirectory(
            "bybit", [InstrumentSamples.Pair("bybit", "BTCUSDT"), InstrumentSamples.Pair("bybit", "BTCUSDT", InstrumentKind.Perpetual)]);

        Assert.Equal(["BTC-USDT", "BTC-USDT-PERP"], bybit.Find("BTCUSDT").Select(one => one.Id));
        Assert.Equal("BTC-USDT-PERP", Assert.Single(bybit.Find("bybit:BTCUSDT.P")).Id);
    }

    [Fact]
    public void Find_Mint_IsComparedByCase()
    {
        var chain = InstrumentDirectory.OfNames("solana", [Wrapped], id => InstrumentNames.IsMint(id) ? id : null);

        Assert.Equal(InstrumentKind.Token, Assert.Single(chain.Find(Wrapped)).Kind);
        Assert.Empty(chain.Find(Wrapped.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("*-USDT", "BTC-USDT ETH-USDT")]
    [InlineData("BTC-*", "BTC-USDT BTC-USDT-PERP BTC-USDC-PERP")]
    [InlineData("*-USDT-PERP", "BTC-USDT-PERP")]
    [InlineData("*-swap", "BTC-USDT-PERP BTC-USDC-PERP")]
    [InlineData("*/USDT:USDT", "BTC-USDT-PERP")]
    [InlineData("B*C-U*T", "BTC-USDT")]
    [InlineData("*", "BTC-USDT BTC-USDT-PERP BTC-USDC-PERP ETH-USDT")]
    [InlineData("BTC-USDT*USDT", "")]
    [InlineData("XRP-*", "")]
    public void Match_Pattern_FitsWholeNames(string pattern, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Okx.Match(pattern).Select(one => one.Id));

    [Fact]
    public void OfNames_VenueWithItsOwnSpelling_KnowsWhichKindIsMeant()
    {
        static string? SymbolOf(string id) => id.Replace("-PERP", "-SWAP", StringComparison.Ordinal);
        var directory = InstrumentDirectory.OfNames("okx", ["BTC-USDT-SWAP", "ETHUSDT"], SymbolOf);

        Assert.Equal("BTC-USDT-PERP", Assert.Single(directory.Find("BTC-USDT-SWAP")).Id);
        Assert.Equal("ETH-USDT", Assert.Single(directory.Find("ETHUSDT")).Id);
        Assert.False(directory.IsComplete);
    }
}
