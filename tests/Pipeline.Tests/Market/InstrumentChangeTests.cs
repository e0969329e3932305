using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class InstrumentChangeTests
{
    private static readonly InstrumentInfo Bitcoin = InstrumentSamples.Spot("BTC");
    private static readonly InstrumentInfo Ether = InstrumentSamples.Spot("ETH");

    [Fact]
    public void Between_SameLists_IsNothing() => Assert.Empty(InstrumentChange.Between([Bitcoin, Ether], [Ether, Bitcoin with { }]));

    [Fact]
    public void Between_OneComesAndOneGoes_AreListedAndDelisted() => Assert.Equal(
        [new InstrumentChange(InstrumentChangeKind.Delisted, Bitcoin, null), new InstrumentChange(InstrumentChangeKind.Listed, null, Ether)],
        InstrumentChange.Between([Bitcoin], [Ether]));

    [Theory]
    [InlineData(InstrumentStatus.Halted, InstrumentChangeKind.Changed)]
    [InlineData(InstrumentStatus.Delisted, InstrumentChangeKind.Delisted)]
    public void Between_OtherStatus_IsAChangeOrTheEnd(InstrumentStatus status, InstrumentChangeKind expected)
    {
        var after = Bitcoin with { Status = status };

        Assert.Equal([new InstrumentChange(expected, Bitcoin, after)], InstrumentChange.Between([Bitcoin], [after]));
    }

    [Fact]
    public void Between_OtherStep_IsAChange()
    {
        var after = Bitcoin with { PriceStep = Number.Parse("0.1") };

        Assert.Equal([new InstrumentChange(InstrumentChangeKind.Changed, Bitcoin, after)], InstrumentChange.Between([Bitcoin], [after]));
    }

    [Fact]
    public void Between_SamePairUnderAnotherSymbol_IsRenamed()
    {
        var after = Bitcoin with { Symbol = "XBTUSDT" };

        Assert.Equal([new InstrumentChange(InstrumentChangeKind.Renamed, Bitcoin, after)], InstrumentChange.Between([Bitcoin], [after]));
    }

    [Fact]
    public void Between_SameSymbolUnderAnotherId_IsRenamed()
    {
        var after = Bitcoin with { Id = "XBT-USDT", Base = "XBT" };

        Assert.Equal([new InstrumentChange(InstrumentChangeKind.Renamed, Bitcoin, after)], InstrumentChange.Between([Bitcoin], [after]));
    }

    [Fact]
    public void Between_SymbolTakenOverByAThingThatWasThere_IsNoRename()
    {
        // The old owner of the symbol is gone; the other one only took its symbol.
        var after = Ether with { Symbol = Bitcoin.Symbol };

        Assert.Equal(
            [(InstrumentChangeKind.Delisted, "BTC-USDT"), (InstrumentChangeKind.Renamed, "ETH-USDT")],
            InstrumentChange.Between([Bitcoin, Ether], [after]).Select(change => (change.Kind, change.Before!.Id)));
    }
}
