using Pipeline.Core.Client;
using Pipeline.Core.Market;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Client;

public class TopOfBookFoldTests
{
    private readonly TopOfBookFold _sut = new();

    [Fact]
    public void Apply_SnapshotThenChanges_GivesTheWholeTopBestFirst()
    {
        Assert.NotNull(Apply(BookUpdateKind.Snapshot, 10, -1, ["100:1", "99:2"], ["101:3", "102:4"]));
        var top = Apply(BookUpdateKind.Update, 12, 10, ["100:0", "98.5:7", "99:5"], ["100.5:1"]);

        Assert.Equal(12, top!.Id);
        Assert.Equal(["99:5", "98.5:7"], top.Bids.Select(Text));
        Assert.Equal(["100.5:1", "101:3", "102:4"], top.Asks.Select(Text));
    }

    [Fact]
    public void Apply_ChangeBeforeAnySnapshot_GivesNothing() => Assert.Null(Apply(BookUpdateKind.Update, 12, 10, ["1:1"], []));

    [Fact]
    public void Apply_ChangeThatDoesNotFollow_GivesNothingUntilTheNextSnapshot()
    {
        Apply(BookUpdateKind.Snapshot, 10, -1, ["100:1"], []);
        Assert.Null(Apply(BookUpdateKind.Update, 20, 15, ["100:9"], []));
        Assert.Null(Apply(BookUpdateKind.Update, 25, 20, ["100:8"], []));

        var top = Apply(BookUpdateKind.Snapshot, 30, -1, ["97:1"], ["98:1"]);
        Assert.Equal(["97:1"], top!.Bids.Select(Text));
    }

    [Fact]
    public void Apply_PricesOfOtherScales_AreTheSameLevel()
    {
        Apply(BookUpdateKind.Snapshot, 10, -1, ["100:1"], []);
        Assert.Equal(["100:5"], Apply(BookUpdateKind.Update, 11, 10, ["100.00:5"], [])!.Bids.Select(Text));
    }

    private static string Text(BookLevel level) => $"{level.Price}:{level.Quantity}";

    private TopOfBook? Apply(BookUpdateKind kind, long id, long previous, string[] bids, string[] asks)
    {
        BookLevel[] levels =
        [
            .. bids.Concat(asks).Select(text => text.Split(':')).Select(parts => new BookLevel(Number.Parse(parts[0]), Number.Parse(parts[1]))),
        ];
        return _sut.Apply(
            new OrderBookUpdate(TestMarket.Bitcoin, kind, id, id, previous, 0, bids.Length, asks.Length, 0, 0), levels);
    }
}
