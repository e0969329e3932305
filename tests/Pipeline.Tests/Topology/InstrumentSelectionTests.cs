using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Topology;

public sealed class InstrumentSelectionTests
{
    private static readonly InstrumentDirectory Okx = new("okx",
    [
        InstrumentSamples.OkxSpot("BTC"), InstrumentSamples.OkxSpot("ETH"), InstrumentSamples.OkxSpot("ETH", "BTC"), InstrumentSamples.Swap("BTC"),
        InstrumentSamples.Swap("ETH"), InstrumentSamples.OkxSpot("HALT") with { Status = InstrumentStatus.Halted },
        InstrumentSamples.OkxSpot("GONE") with { Status = InstrumentStatus.Delisted },
    ]);

    private static readonly Dictionary<string, Number> Turnover = new()
    {
        ["BTC-USDT"] = Number.Parse("900"),
        ["BTC-USDT-SWAP"] = Number.Parse("9000.5"),
        ["ETH-USDT"] = Number.Parse("1000"),
        ["ETH-USDT-SWAP"] = Number.Parse("10"),
        ["HALT-USDT"] = Number.Parse("99999"),
    };

    [Fact]
    public void Of_NamesAndPatterns_AreEachOnceInOrder()
    {
        var selection = Select(Named("ETH/USDT"), Named("BTC-*"), Named("*-USDT-PERP"));

        Assert.Equal(["ETH-USDT", "BTC-USDT", "BTC-USDT-PERP", "ETH-USDT-PERP"], Ids(selection));
        Assert.Empty(selection.Errors);
        Assert.Empty(selection.Warnings);
    }

    [Theory]
    [InlineData(2, null, null, "BTC-USDT-PERP ETH-USDT")]
    [InlineData(10, "usdt", InstrumentKind.Spot, "ETH-USDT BTC-USDT")]
    [InlineData(1, null, InstrumentKind.Perpetual, "BTC-USDT-PERP")]
    public void Of_MostTraded_AreThoseWithTheGreatestTurnover(int top, string? quote, InstrumentKind? kind, string expected) =>
        Assert.Equal(expected.Split(' '), Ids(Select(new InstrumentChoice { Top = top, Quote = quote, Kind = kind })));

    [Theory]
    [InlineData("BTC-USDC", "okx has no BTC-USDC; did you mean BTC-USDT or ETH-BTC?")]
    [InlineData("HTE-USDT", "okx has no HTE-USDT; did you mean ")]
    [InlineData("ETH-BTC-PERP", "okx has no ETH-BTC-PERP; did you mean ETH-BTC?")]
    [InlineData("SOL-*", "okx has no SOL-* among its 7 instruments")]
    [InlineData("GONE-USDT", "okx: GONE-USDT is no longer listed")]
    public void Of_WhatTheVenueHasNot_IsAnErrorWithTheNearest(string name, string expected)
    {
        var selection = Select(Named("BTC-USDT"), Named(name));

        Assert.StartsWith(expected[..Math.Min(expected.Length, 40)], Assert.Single(selection.Errors), StringComparison.Ordinal);
        Assert.Equal(["BTC-USDT"], Ids(selection));
    }

    [Fact]
    public void Of_EntriesThatSayLegs_OneThatNamesTheInstrumentBeforeOthers()
    {
        var selection = Select(Named("*-USDT") with { Legs = 1 }, Named("*-USDT-PERP"), Named("BTC/USDT") with { Legs = 2 }, Named("ETH-*") with { Legs = 2 });

        Assert.Equal(
            ["BTC-USDT 2", "ETH-BTC 2", "ETH-USDT 1", "ETH-USDT-PERP 2", "HALT-USDT 1"],
            selection.Legs.Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal));
        Assert.StartsWith("okx has no SOL-USDT", Assert.Single(Select(Named("SOL-USDT") with { Legs = 2 }).Errors), StringComparison.Ordinal);
        Assert.Empty(Select(Named("BTC-USDT")).Legs);
    }

    [Fact]
    public void Of_NoneInThatCurrency_IsAnError() =>
        Assert.Equal(
            "okx has no top 5 EUR among its 7 instruments",
            Assert.Single(Select(new InstrumentChoice { Top = 5, Quote = "EUR" }).Errors));

    [Fact]
    public void Of_HaltedInstrument_IsTakenWithAWarning()
    {
        var selection = Select(Named("HALT-USDT"));

        Assert.Equal(["HALT-USDT"], Ids(selection));
        Assert.Equal("okx: HALT-USDT: not traded at the moment", Assert.Single(selection.Warnings));
    }

    [Fact]
    public void Of_NameOfTwo_IsAnError()
    {
        var bybit = new InstrumentDirectory(
            "bybit", [InstrumentSamples.Pair("bybit", "BTCUSDT"), InstrumentSamples.Pair("bybit", "BTCUSDT", InstrumentKind.Perpetual)]);

        Assert.Equal(
            "bybit: BTCUSDT may be BTC-USDT, BTC-USDT-PERP: write one of them",
            Assert.Single(InstrumentSelection.Of([Named("BTCUSDT")], bybit).Errors));
        var shared = InstrumentSelection.Of([Named("BTC-*")], bybit);
        Assert.Equal("bybit: BTC-USDT, BTC-USDT-PERP are all BTCUSDT there: keep the one that is meant", Assert.Single(shared.Errors));
        Assert.Empty(shared.Instruments);
    }

    private static InstrumentChoice Named(string name) => InstrumentChoice.Of(name);

    private static InstrumentSelection Select(params InstrumentChoice[] choices) => InstrumentSelection.Of(choices, Okx, Turnover);

    private static IEnumerable<string> Ids(InstrumentSelection selection) => selection.Instruments.Select(one => one.Id);
}
