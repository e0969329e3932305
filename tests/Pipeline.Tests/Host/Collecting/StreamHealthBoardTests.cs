using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Host.Collecting;

public sealed class StreamHealthBoardTests
{
    private readonly StreamHealthBoard _board = new();

    [Fact]
    public void StreamThatNobodyWantsAnyMore_IsForgotten()
    {
        _board.Note(Of(HealthState.Fresh, "data"));
        _board.Note(Of(HealthState.Stopped, FreshnessReason.Unsubscribed));

        Assert.Equal(0, _board.CountsOf("binance").Sum());
    }

    [Fact]
    public void StreamThatStoppedByItself_IsCountedAsStopped()
    {
        _board.Note(Of(HealthState.Fresh, "data"));
        _board.Note(Of(HealthState.Stopped, "refused"));

        Assert.Equal(1, _board.CountsOf("binance")[(int)HealthState.Stopped]);
    }

    private static StreamHealth Of(HealthState state, string reason) => new(Bitcoin, "trade", state, reason, "", 0, 0, 0);
}
