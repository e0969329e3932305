using Pipeline.Core.Market;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Host.Verifying;

public sealed class TruthComparisonTests
{
    private const long Time = 1_794_900_000_104_512;

    private static readonly Number One = new(1, 0);

    [Fact]
    public void Row_AsTheVenueMadeIt_IsRight() => Assert.Null(TruthComparison.Compare(Row(), [Made(7, "0.5")], One));

    [Fact]
    public void Row_InMilliseconds_IsRight() =>
        Assert.Null(TruthComparison.Compare(Row() with { EventTime = Time / 1000 * 1000 }, [Made(7, "0.5")], One));

    [Fact]
    public void Row_OfSeveralFills_HasTheirSum() => Assert.Null(TruthComparison.Compare(Row(), [Made(7, "0.2"), Made(8, "0.3")], One));

    [Fact]
    public void Row_InContracts_MayBeCoinsAtTheVenue() =>
        Assert.Null(TruthComparison.Compare(Row(), [Made(7, "0.005")], Number.Parse("0.01")));

    [Fact]
    public void Row_ThatTheVenueNeverMade_IsInvented() => Assert.Equal(FindingKind.Invented, TruthComparison.Compare(Row(), [], One)!.Value.Kind);

    [Theory]
    [InlineData("price", "91.6", "0.5", "buy", 0)]
    [InlineData("quantity", "91.5", "0.4", "buy", 0)]
    [InlineData("side", "91.5", "0.5", "sell", 0)]
    [InlineData("eventTime", "91.5", "0.5", "buy", 1)]
    public void Row_ThatDiffers_NamesTheField(string field, string price, string quantity, string side, long later)
    {
        var made = new TruthTrade(
            7, 3, Number.Parse(price), Number.Parse(quantity), side == "buy" ? AggressorSide.Buy : AggressorSide.Sell, Time + later, IsMarket: true);
        var wrong = TruthComparison.Compare(Row(), [made], One);
        Assert.Equal(FindingKind.DiffersFromVenue, wrong!.Value.Kind);
        Assert.Contains($"trade 7: {field} is", wrong.Value.What, StringComparison.Ordinal);
    }

    private static TradeRow Row() =>
        new(7, 7, Number.Parse("91.5"), Number.Parse("0.5"), AggressorSide.Buy, -1, Time, TradeSource.Live);

    private static TruthTrade Made(long id, string quantity) =>
        new(id, 3, Number.Parse("91.5"), Number.Parse(quantity), AggressorSide.Buy, Time, IsMarket: true);
}
