using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;

namespace Pipeline.Tests.Kafka.State;

public sealed class TailPlanTests
{
    private static readonly TailOffsets Lows = new(10, 0, 20, 0);
    private static readonly TailOffsets Ends = new(1_000, 0, 2_000, 30);

    [Fact]
    public void Begin_AtAMarker_EachLogFromItsOwnOffset()
    {
        var marker = Marker(trades: 900, candles: 1_900, gaps: 30);

        Assert.Null(TailPlan.WhyNot(marker, "log", Ends));
        Assert.Null(TailPlan.Gone(marker, Lows));
        Assert.Equal(new TailOffsets(900, 0, 1_900, 30), TailPlan.Begin(marker, Lows, Ends, lookback: 5));
    }

    [Fact]
    public void Begin_WithoutAMarker_CountsBackFromTheEnd()
    {
        Assert.Equal(new TailOffsets(900, 0, 1_900, 0), TailPlan.Begin(null, Lows, Ends, lookback: 100));
        Assert.Equal(new TailOffsets(10, 0, 20, 0), TailPlan.Begin(null, Lows, Ends, lookback: 1_000_000));
    }

    [Theory]
    [InlineData("other", 900L, "is of the log other, and this is log")]
    [InlineData("log", 1_001L, "is at 1001 of md.trades, which ends at 1000")]
    public void WhyNot_AnotherLogOrBeyondItsEnd_SaysWhich(string logId, long trades, string why) =>
        Assert.Contains(why, TailPlan.WhyNot(Marker(trades, 1_900, 30) with { LogId = logId }, "log", Ends), StringComparison.Ordinal);

    [Fact]
    public void Gone_MarkerBelowTheOldestRecord_SaysHowMuch()
    {
        var marker = Marker(trades: 4, candles: 1_900, gaps: 30);

        Assert.Equal("6 trades behind the checkpoint are gone from the log", TailPlan.Gone(marker, Lows));
        Assert.Equal(10, TailPlan.Begin(marker, Lows, Ends, lookback: 5).Trades);
    }

    [Fact]
    public void Begin_MarkerThatKnowsNothingOfALog_ReadsThatFromItsBeginning() =>
        Assert.Equal(20, TailPlan.Begin(Marker(900, null, 30), Lows, Ends, lookback: 5).Candles);

    private static CheckpointMarker Marker(long? trades, long? candles, long? gaps) => new(3, trades, 0, candles, gaps, "log", 1, 2);
}
