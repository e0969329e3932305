using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class SymbolEngineTests
{
    // 12:00:00.25 on a Sunday: bars of every length are cut somewhere in their middle.
    private const long Start = 1_794_744_000_250_000;
    private const long Minute = 60 * UnixTime.Second;
    private static readonly SymbolSpec Spec = SymbolSpec.From(0, SimulatedVenue.BinanceSpot, new ListedSymbol("BTCUSDT", false), Simulation.Btc);
    private static readonly EngineRates Rates = new(50, 100, 1_000_000);

    [Fact]
    public void Engine_SameSeed_SameTradesHoweverTurnsAreCut()
    {
        var coarse = Run(seed: 7, turn: Minute, total: Minute);
        var fine = Run(seed: 7, turn: 3_137, total: Minute);

        Assert.True(coarse.Trades.Count > 3000);
        Assert.Equal(coarse.Trades, fine.Trades);
        Assert.Equal(coarse.Quotes, fine.Quotes);
        Assert.Equal(coarse.Klines, fine.Klines);
    }

    [Fact]
    public void Engine_OtherSeed_OtherTrades() => Assert.NotEqual(
        Run(seed: 1, turn: Minute, total: Minute).Trades[10].Price, Run(seed: 2, turn: Minute, total: Minute).Trades[10].Price);

    [Fact]
    public void Trades_Always_HaveContiguousIdsAndFormTheirAggregates()
    {
        var seen = Run(seed: 42, turn: 5_000, total: 2 * Minute);
        Assert.All(seen.Trades.Zip(seen.Trades.Skip(1)), pair => Assert.Equal(pair.First.Id + 1, pair.Second.Id));
        Assert.All(seen.Aggregates.Zip(seen.Aggregates.Skip(1)), pair => Assert.Equal(pair.First.Id + 1, pair.Second.Id));
        var byAggregate = seen.Trades.GroupBy(trade => trade.AggregateId).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Contains(byAggregate.Values, trades => trades.Count > 1);
        Assert.All(seen.Aggregates, aggregate =>
        {
            var trades = byAggregate[aggregate.Id];
            Assert.Equal((aggregate.FirstId, aggregate.LastId), (trades[0].Id, trades[^1].Id));
            Assert.Equal(aggregate.Quantity, trades.Sum(trade => trade.Quantity));
            Assert.All(trades, trade => Assert.Equal((aggregate.Price, aggregate.TakerBuys), (trade.Price, trade.TakerBuys)));
        });
    }

    [Fact]
    public void Book_BuiltFromChanges_AgreesWithEveryQuote()
    {
        var (listener, engine) = Make(seed: 3);
        var book = Snapshot(engine.Book);
        var firstId = engine.Book.LastUpdateId;
        engine.Run(Start + (2 * Minute));

        var changes = listener.Depth.SelectMany(window => window.Changes).ToList();
        Assert.Equal(listener.Depth[^1].Last, firstId + changes.Count);
        var slow = listener.SlowDepth.SelectMany(window => window.Changes).ToList();
        Assert.True(slow.Count > changes.Count / 2);
        Assert.Equal(changes.Take(slow.Count), slow);
        var quotes = listener.Quotes.Where(quote => quote.UpdateId <= firstId + changes.Count).ToDictionary(quote => quote.UpdateId);
        Assert.True(quotes.Count > 10_000);
        for (var i = 0; i < changes.Count; i++)
        {
            Apply(book, changes[i]);
            if (quotes.TryGetValue(firstId + i + 1, out var quote))
            {
                var (bid, ask) = (book[true].Last(), book[false].First());
                Assert.Equal((quote.Bid, quote.BidQuantity, quote.Ask, quote.AskQuantity), (bid.Key, bid.Value, ask.Key, ask.Value));
                Assert.True(bid.Key < ask.Key);
            }
        }
    }

    [Fact]
    public void Klines_OfEveryInterval_AreTheSumsOfTheirTrades()
    {
        var seen = Run(seed: 5, turn: 5_000, total: 61 * Minute);
        var closed = seen.Klines.Where(kline => kline.Closed && kline.Bar.Trades > 0).ToList();
        var intervals = closed.Select(kline => kline.Key.Interval.Name).Distinct();
        Assert.Equal(["15m", "1h", "1m", "1s", "30m", "3m", "5m"], intervals.Order(StringComparer.Ordinal));
        Assert.All(closed.Where(kline => kline.Key.Interval.Name != "1s"), kline =>
        {
            var trades = seen.Trades.Where(trade => trade.Time >= kline.Bar.OpenTime && trade.Time < kline.Bar.EndTime).ToList();
            Assert.Equal((trades.Count, trades[0].Id, trades[^1].Id), ((int)kline.Bar.Trades, kline.Bar.FirstId, kline.Bar.LastId));
            Assert.Equal((trades[0].Price, trades[^1].Price), (kline.Bar.Open, kline.Bar.Close));
            Assert.Equal((trades.Max(trade => trade.Price), trades.Min(trade => trade.Price)), (kline.Bar.High, kline.Bar.Low));
            Assert.Equal(trades.Sum(trade => trade.Quantity), (long)kline.Bar.Volume);
            Assert.Equal(trades.Where(trade => trade.TakerBuys).Sum(trade => trade.Quantity), (long)kline.Bar.TakerBuyVolume);
            Assert.Equal(
                trades.Aggregate(Int128.Zero, (sum, trade) => sum + ((Int128)trade.Price * trade.Quantity)), kline.Bar.QuoteVolume);
        });
    }

    [Fact]
    public void Klines_WithoutTrades_CloseOnTheClockAsEmptyBars()
    {
        var listener = new RecordingListener();
        new SymbolEngine(Spec, 1, Rates with { OrdersPerSecond = 0 }, Start, listener).Run(Start + (2 * Minute));

        var minutes = listener.Klines.Where(kline => kline is { Closed: true, Key.Zone: 0, Key.Interval.Name: "1m" }).ToList();
        Assert.Equal([(Start / Minute) * Minute, ((Start / Minute) + 1) * Minute], minutes.Select(kline => kline.Bar.OpenTime));
        Assert.All(minutes, kline => Assert.Equal((0, -1, -1), (kline.Bar.Trades, kline.Bar.FirstId, kline.Bar.LastId)));
        Assert.All(minutes, kline => Assert.Equal((Spec.Price, Spec.Price), (kline.Bar.Open, kline.Bar.Close)));
        Assert.Equal(120, listener.Klines.Count(kline => kline is { Closed: true, Key.Zone: 0, Key.Interval.Name: "1s" }));
    }

    [Fact]
    public void Price_OfOnlyAHundredSteps_StaysAboveZero()
    {
        var coin = Simulation.Btc with { Price = Core.Market.Number.Parse("0.000001"), PriceStep = Core.Market.Number.Parse("0.00000001") };
        var listener = new RecordingListener();
        new SymbolEngine(SymbolSpec.From(0, SimulatedVenue.BinanceSpot, new ListedSymbol("COINUSDT", false), coin), 9, new EngineRates(500, 2000, 1000), Start, listener).Run(Start + (2 * Minute));

        Assert.All(listener.Quotes, quote => Assert.True(quote.Bid > 0 && quote.Ask > quote.Bid));
        Assert.All(listener.Quotes, quote => Assert.True(quote.BidQuantity > 0 && quote.AskQuantity > 0));
    }

    [Fact]
    public void Start_Later_GivesHigherIds()
    {
        var (_, first) = Make(seed: 1);
        first.Run(Start + Minute);
        var second = new SymbolEngine(Spec, 1, Rates, Start + Minute, new RecordingListener());

        Assert.True(second.Truth.NextId > first.Truth.NextId);
        Assert.True(second.Book.LastUpdateId > first.Book.LastUpdateId);
    }

    private static RecordingListener Run(int seed, long turn, long total)
    {
        var (listener, engine) = Make(seed);
        for (var now = Start; now < Start + total;)
        {
            now = Math.Min(Start + total, now + turn);
            engine.Run(now);
        }

        return listener;
    }

    private static (RecordingListener Listener, SymbolEngine Engine) Make(int seed)
    {
        var listener = new RecordingListener();
        return (listener, new SymbolEngine(Spec, seed, Rates, Start, listener));
    }

    private static Dictionary<bool, SortedDictionary<long, long>> Snapshot(SimulatedBook book) => new()
    {
        [true] = new(Enumerable.Range(0, book.Bids.Count).ToDictionary(i => book.Bids.Level(i).Price, i => book.Bids.Level(i).Quantity)),
        [false] = new(Enumerable.Range(0, book.Asks.Count).ToDictionary(i => book.Asks.Level(i).Price, i => book.Asks.Level(i).Quantity)),
    };

    private static void Apply(Dictionary<bool, SortedDictionary<long, long>> book, BookChange change)
    {
        if (change.Quantity == 0)
        {
            Assert.True(book[change.Bid].Remove(change.Price));
        }
        else
        {
            book[change.Bid][change.Price] = change.Quantity;
        }
    }
}
