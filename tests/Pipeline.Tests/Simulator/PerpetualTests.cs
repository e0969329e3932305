using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class PerpetualTests
{
    private const long Start = 1_794_744_000_250_000;
    private const long Minute = 60 * UnixTime.Second;

    [Fact]
    public void Aggregates_OfFutures_LeaveOutTheFundAndGatherAHundredMilliseconds()
    {
        var (listener, engine) = Make(SimulatedVenue.BinanceFutures);
        engine.Run(Start + (10 * Minute));
        var market = listener.Trades.Where(trade => trade.Kind == TradeKind.Market).ToList();
        var byAggregate = market.GroupBy(trade => trade.AggregateId).ToDictionary(group => group.Key, group => group.ToList());

        Assert.True(listener.Trades.Count - market.Count > 10);
        Assert.Contains(listener.Trades, trade => trade is { Kind: TradeKind.Unnamed, Price: 0, Quantity: 0 });
        Assert.All(listener.Aggregates.Zip(listener.Aggregates.Skip(1)), pair => Assert.Equal(pair.First.Id + 1, pair.Second.Id));
        Assert.Contains(listener.Aggregates.Zip(listener.Aggregates.Skip(1)), pair => pair.First.LastId + 1 < pair.Second.FirstId);
        Assert.All(listener.Aggregates, aggregate =>
        {
            var trades = byAggregate[aggregate.Id];
            Assert.Equal((aggregate.FirstId, aggregate.LastId), (trades[0].Id, trades[^1].Id));
            Assert.Equal(aggregate.Quantity, trades.Sum(trade => trade.Quantity));
            Assert.InRange(trades[^1].Time - trades[0].Time, 0, 100 * UnixTime.Millisecond);
        });
        Assert.Contains(byAggregate.Values, trades => trades[0].Time != trades[^1].Time);
        Assert.Equal(listener.Aggregates, engine.Aggregates.Read(0, long.MaxValue, int.MaxValue));
        var minutes = engine.Klines.Read(KlineKey.Find("1m"), 0, long.MaxValue, int.MaxValue, newest: true);
        Assert.Equal(market.Count, minutes.Sum(bar => bar.Trades));
    }

    [Fact]
    public void Liquidations_Always_AreTrades()
    {
        var (listener, engine) = Make(SimulatedVenue.Okx);
        engine.Run(Start + (5 * Minute));
        var at = listener.Trades.ToLookup(trade => (trade.Time, trade.TakerBuys));

        Assert.True(listener.Liquidations.Count > 50);
        Assert.All(listener.Trades, trade => Assert.Equal(TradeKind.Market, trade.Kind));
        Assert.All(listener.Liquidations, liquidation =>
            Assert.Equal(liquidation.Quantity, at[(liquidation.Time, liquidation.TakerBuys)].Sum(trade => trade.Quantity)));
    }

    [Fact]
    public void Funding_EveryEightHoursOfTheClock_IsPaidAndRemembered()
    {
        var (_, engine) = Make(SimulatedVenue.BinanceFutures, new EngineRates(0.2, 0.2, 10_000));
        var perpetual = engine.Perpetual!;
        engine.Run(Start + (25 * 60 * Minute));

        Assert.Equal(
            [16, 0, 8], perpetual.Fundings.Select(funding => DateTime.UnixEpoch.AddMicroseconds(funding.Time)).Select(time => time.Hour));
        Assert.Equal(perpetual.Fundings.Last().Time + PerpetualState.FundingInterval, perpetual.NextFundingTime);
        Assert.InRange(perpetual.MarkPrice, engine.LastPrice * 99 / 100, engine.LastPrice * 101 / 100);
        Assert.InRange(perpetual.IndexPrice, perpetual.MarkPrice * 998 / 1000, perpetual.MarkPrice * 1002 / 1000);
        Assert.NotEqual(perpetual.MarkPrice, perpetual.IndexPrice);
    }

    private static (RecordingListener Listener, SymbolEngine Engine) Make(SimulatedVenue venue, EngineRates? rates = null)
    {
        var listener = new RecordingListener { KeepsTradesAlone = true };
        var spec = SymbolSpec.From(0, venue, new ListedSymbol("BTCUSDT", true), Simulation.Btc);
        return (listener, new SymbolEngine(spec, 3, rates ?? new EngineRates(50, 20, 1_000_000), Start, listener));
    }
}
