namespace Pipeline.Simulator.World;

/// <summary>Positions closed by force, on perpetual markets.</summary>
internal sealed partial class SymbolEngine
{
    private const double OrdersPerLiquidation = 100;
    private const int FundFillPercent = 25;

    // How far from the top the order of a liquidation may fill: 0.5 %.
    private const long PriceToLimit = 200;

    private long _nextLiquidation;

    private void Liquidate(long time)
    {
        var buys = _random.Chance(50);
        var side = buys ? Book.Asks : Book.Bids;
        var room = side.BestPrice / PriceToLimit / Spec.PriceStep * Spec.PriceStep;
        var limit = buys ? side.BestPrice + room : Math.Max(Spec.PriceStep, side.BestPrice - room);
        var firstId = Truth.NextId;
        Take(buys, RandomQuantity(largestDigits: 6), time);
        Int128 turnover = 0;
        var quantity = 0L;
        for (var id = firstId; id < Truth.NextId; id++)
        {
            quantity += Truth[id].Quantity;
            turnover += (Int128)Truth[id].Price * Truth[id].Quantity;
        }

        if (quantity > 0)
        {
            var last = Truth[Truth.NextId - 1].Quantity;
            _listener.OnLiquidation(this, new Liquidation(buys, limit, (long)(turnover / quantity), quantity, last, time));
            if (Spec.HasFundFills && _random.Chance(FundFillPercent))
            {
                FillByFund(time, buys);
            }
        }
    }

    /// <summary>What the fund takes over has an id in the sequence of trades, and no part in bars and aggregates.</summary>
    private void FillByFund(long time, bool buys)
    {
        EndAggregate();
        var kind = (TradeKind)(1 + _random.Below(3));
        var (price, quantity) = kind == TradeKind.Unnamed ? (0, 0) : (Perpetual!.MarkPrice / Spec.PriceStep * Spec.PriceStep, RandomQuantity(4));
        var trade = new EngineTrade(Truth.NextId, Aggregates.NextId - 1, price, quantity, time, buys, kind);
        Truth.Add(trade);
        _listener.OnTrade(this, trade);
    }
}
