using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class MarketHistoryTests
{
    private const long Start = 1_794_744_000_250_000;
    private const long Minute = 60 * UnixTime.Second;
    private static readonly SymbolSpec Spec = SymbolSpec.From(0, SimulatedVenue.BinanceSpot, new ListedSymbol("BTCUSDT", false), Simulation.Btc);

    [Fact]
    public void Book_AtAnyKeptId_IsTheFirstBookWithTheChangesApplied()
    {
        var (listener, engine) = Make(changes: 1_000_000);
        var first = engine.Book.Snapshot(int.MaxValue);
        engine.Run(Start + Minute);
        var changes = listener.Depth.SelectMany(window => window.Changes).ToList();
        var book = new Dictionary<(bool Bid, long Price), long>();
        first.Bids.ToList().ForEach(level => book[(true, level.Price)] = level.Quantity);
        first.Asks.ToList().ForEach(level => book[(false, level.Price)] = level.Quantity);

        Assert.Equal((400, 400), (first.Bids.Count, first.Asks.Count));
        for (var i = 0; i < changes.Count; i++)
        {
            book[(changes[i].Bid, changes[i].Price)] = changes[i].Quantity;
            if (i % 997 == 0)
            {
                var then = engine.Book.History.Prepare(first.UpdateId + i + 1)!();
                var alive = book.Where(level => level.Value != 0).ToList();
                Assert.Equal(
                    alive.Where(level => level.Key.Bid).OrderByDescending(level => level.Key.Price).Select(level => (level.Key.Price, level.Value)),
                    then.Bids.Select(level => (level.Price, level.Quantity)));
                Assert.Equal(
                    alive.Where(level => !level.Key.Bid).OrderBy(level => level.Key.Price).Select(level => (level.Key.Price, level.Value)),
                    then.Asks.Select(level => (level.Price, level.Quantity)));
            }
        }
    }

    [Fact]
    public void Book_BeyondItsBound_ForgetsTheOldestAndKnowsTheNewest()
    {
        var (_, engine) = Make(changes: 10_000);
        var first = engine.Book.LastUpdateId;
        engine.Run(Start + (2 * Minute));
        var history = engine.Book.History;

        Assert.InRange(engine.Book.LastUpdateId - history.OldestId, 10_000, 20_000);
        Assert.True(history.OldestId > first);
        Assert.Null(history.Prepare(history.OldestId - 1));
        Assert.Null(history.Prepare(engine.Book.LastUpdateId + 1));
        Assert.NotNull(history.Prepare(history.OldestId));
        Assert.Equivalent(engine.Book.Snapshot(int.MaxValue), history.Prepare(engine.Book.LastUpdateId)!());
    }

    [Fact]
    public void Book_IdAtATime_IsTheNewestOfThatInterval()
    {
        var (listener, engine) = Make(changes: 1_000_000);
        engine.Run(Start + Minute);
        var ids = listener.Depth.Select(window => window.Last).ToHashSet();

        Assert.Contains(engine.Book.History.IdAt(Start + (30 * UnixTime.Second)), ids);
        Assert.Equal(engine.Book.History.OldestId, engine.Book.History.IdAt(Start - Minute));
        Assert.Equal(listener.Depth[^1].Last, engine.Book.History.IdAt(long.MaxValue));
    }

    [Fact]
    public void Bars_ThatWereTold_CanBeReadAgain()
    {
        var (listener, engine) = Make();
        engine.Run(Start + (20 * Minute));
        for (var series = 0; series < KlineKey.All.Count; series++)
        {
            var told = listener.Klines.Where(kline => kline.Closed && kline.Key == KlineKey.All[series]).Select(kline => kline.Bar).ToList();
            var read = engine.Klines.Read(series, 0, long.MaxValue, int.MaxValue, newest: true);
            Assert.Equal(told, read.SkipLast(1));
            Assert.Equal(engine.Klines.Forming(series), read[^1]);
        }
    }

    [Fact]
    public void Bars_WithMoreThanTheLimit_AreTheNewestOrTheOldest()
    {
        var (_, engine) = Make();
        engine.Run(Start + (20 * Minute));
        var minutes = KlineKey.Find("1m");
        var all = engine.Klines.Read(minutes, 0, long.MaxValue, int.MaxValue, newest: true);

        Assert.Equal(all.TakeLast(5), engine.Klines.Read(minutes, 0, long.MaxValue, 5, newest: true));
        Assert.Equal(all.Skip(3).Take(5), engine.Klines.Read(minutes, all[3].OpenTime, long.MaxValue, 5, newest: false));
        Assert.Equal(all.Take(4), engine.Klines.Read(minutes, 0, all[3].OpenTime, 5, newest: true));
        Assert.Empty(engine.Klines.Read(minutes, Start + (30 * Minute), long.MaxValue, 5, newest: true));
    }

    [Fact]
    public void BarHistory_BeyondItsBound_KeepsTheNewest()
    {
        var history = new BarHistory(100);
        for (var i = 0; i < 1_234; i++)
        {
            history.Add(KlineBar.Empty(i * 10, (i * 10) + 10, 1));
        }

        Assert.Equal((100, 11_340, 12_330), (history.Count, history[0].OpenTime, history[99].OpenTime));
        Assert.Equal((0, 1, 100), (history.Find(11_340), history.Find(11_341), history.Find(12_331)));
    }

    [Fact]
    public void Statistics_OfADay_AreTheSumsOfItsTrades()
    {
        var listener = new RecordingListener { KeepsTradesAlone = true };
        var engine = new SymbolEngine(Spec, 3, new EngineRates(0.5, 0, 1_000_000), Start, listener);
        engine.Run(Start + (26 * 60 * Minute));
        var statistics = engine.Statistics(Start + (26 * 60 * Minute));
        var trades = listener.Trades.Where(trade => trade.Time >= statistics.Bar.OpenTime).ToList();
        var before = listener.Trades.Last(trade => trade.Time < statistics.Bar.OpenTime);

        Assert.InRange(Start + (2 * 60 * Minute) - statistics.Bar.OpenTime, 0, Minute - 1);
        Assert.Equal((trades[0].Id, trades[^1].Id, trades.Count), (statistics.Bar.FirstId, statistics.Bar.LastId, statistics.Bar.Trades));
        Assert.Equal((trades[0].Price, trades[^1].Price), (statistics.Bar.Open, statistics.Bar.Close));
        Assert.Equal((before.Price, trades[^1].Quantity), (statistics.PreviousClose, statistics.LastQuantity));
        Assert.Equal(trades.Sum(trade => trade.Quantity), (long)statistics.Bar.Volume);
        Assert.InRange(statistics.WeightedAverage, statistics.Bar.Low, statistics.Bar.High);
    }

    [Fact]
    public void Aggregates_ReadFromTrades_AreThoseThatWereTold()
    {
        var (listener, engine) = Make(rates: new EngineRates(50, 10, 5_000));
        engine.Run(Start + (5 * Minute));
        var oldest = engine.Aggregates.OldestId;
        var told = listener.Aggregates.Where(aggregate => aggregate.Id >= oldest).ToList();

        Assert.True(oldest > engine.Aggregates.StartId);
        Assert.Equal(told, engine.Aggregates.Read(0, long.MaxValue, int.MaxValue));
        Assert.Equal(told.Skip(7).Take(3), engine.Aggregates.Read(oldest + 7, long.MaxValue, 3));
        var time = told[100].Time;
        Assert.Equal(told.First(aggregate => aggregate.Time >= time).Id, engine.Aggregates.FindTime(time));
        Assert.Equal(told.Where(aggregate => aggregate.Time <= time), engine.Aggregates.Read(0, time, int.MaxValue));
        Assert.Equal(engine.Aggregates.NextId, engine.Aggregates.FindTime(long.MaxValue));
    }

    private static (RecordingListener Listener, SymbolEngine Engine) Make(EngineRates? rates = null, int changes = 200_000)
    {
        var listener = new RecordingListener();
        return (listener, new SymbolEngine(Spec, 3, (rates ?? new EngineRates(50, 100, 1_000_000)) with { BookChanges = changes }, Start, listener));
    }
}
