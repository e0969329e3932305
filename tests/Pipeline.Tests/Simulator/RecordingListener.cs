using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

/// <summary>Notes what a world tells and checks nothing.</summary>
internal sealed class RecordingListener : IMarketListener
{
    /// <summary>For runs over days: books and bars are passed over.</summary>
    public bool KeepsTradesAlone { get; init; }

    public List<EngineTrade> Trades { get; } = [];

    public List<AggregateTrade> Aggregates { get; } = [];

    public List<(long UpdateId, long Bid, long BidQuantity, long Ask, long AskQuantity)> Quotes { get; } = [];

    public List<(long Last, BookChange[] Changes)> Depth { get; } = [];

    public List<(long Last, BookChange[] Changes)> SlowDepth { get; } = [];

    public List<(KlineKey Key, KlineBar Bar, bool Closed)> Klines { get; } = [];

    public void BeginTurn(long now)
    {
    }

    public void OnTrade(SymbolEngine engine, in EngineTrade trade) => Trades.Add(trade);

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade) => Aggregates.Add(trade);

    public List<Liquidation> Liquidations { get; } = [];

    public void OnLiquidation(SymbolEngine engine, in Liquidation liquidation) => Liquidations.Add(liquidation);

    public void OnQuote(SymbolEngine engine) => Quotes.Add((
        engine.Book.LastUpdateId, engine.Book.Bids.BestPrice, engine.Book.Bids.BestQuantity,
        engine.Book.Asks.BestPrice, engine.Book.Asks.BestQuantity));

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
        if (KeepsTradesAlone)
        {
            return;
        }

        Depth.Add((engine.Book.LastUpdateId, engine.Book.Unpublished.ToArray()));
        if (wholeSecond)
        {
            SlowDepth.Add((engine.Book.LastUpdateId, engine.Book.ThisSecond.ToArray()));
        }
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        if (!KeepsTradesAlone)
        {
            Klines.Add((KlineKey.All[series], bar, closed));
        }
    }

    public void OnSecond(SymbolEngine engine)
    {
    }

    public void EndTurn()
    {
    }
}
