using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class TradeHistoryTests
{
    [Fact]
    public void History_BeyondItsBound_KeepsTheNewest()
    {
        var history = new TradeHistory(1000, capacity: 5000);
        for (var id = 1000; id < 31_000; id++)
        {
            history.Add(new EngineTrade(id, id, id, 1, id, takerBuys: id % 2 == 0));
        }

        Assert.Equal((30_000, 1000, 31_000), (history.Count, history.StartId, history.NextId));
        Assert.InRange(history.OldestId, 20_000, 26_000);
        var kept = new EngineTrade[10_000];
        var count = history.CopyTo(0, kept);
        Assert.Equal(history.NextId - history.OldestId, count);
        Assert.All(kept.Take(count).Select((trade, i) => (trade, i)), pair =>
        {
            var id = history.OldestId + pair.i;
            Assert.Equal((id, id, id % 2 == 0), (pair.trade.Id, pair.trade.Time, pair.trade.TakerBuys));
        });
    }
}
