using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Tests.Audit;

namespace Pipeline.Tests.Restart;

/// <summary>A candle of the log against what the fold of its tail makes.</summary>
public sealed class LogCandlesTests
{
    private readonly AuditWorld _world = new();

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    public void CandleBegunByTheVenue_StandsUntilItIsNotWholeAndTheTradesAre(bool isWrittenWhole, bool isMadeWhole, bool isRevised)
    {
        var candles = new LogCandles();
        candles.Note(_world.Ours() with { Source = CandleSource.Mixed, Complete = isWrittenWhole, Trades = -1, FirstId = -1 });
        candles.Make(_world.Ours() with { Complete = isMadeWhole });
        var missing = candles.Missing().ToList();
        Assert.Equal(isRevised ? 1 : 0, missing.Count);
        Assert.All(missing, candle => Assert.Equal(
            (CandleState.Revised, 1, true, CandleSource.Trades, 100L), (candle.State, candle.Revision, candle.Complete, candle.Source, candle.Trades)));
    }
}
