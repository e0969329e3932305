namespace Pipeline.Simulator.World;

/// <summary>Takers.</summary>
internal sealed partial class SymbolEngine
{
    private const int MostLevelsTaken = 5;
    private const int SingleFillPercent = 60;
    private const int MostFillsPerLevel = 4;

    /// <summary>One taker order: eats one or more levels; what is left of it after a few is cancelled.</summary>
    private void TakeLiquidity(long time)
    {
        var hole = Faults.TakeHole(Truth.NextId);
        Truth.Skip(hole.Trades, hole.Aggregates > 0 ? Aggregates.NextId : Aggregates.NextId - 1, time);
        Aggregates.NextId += hole.Aggregates;
        var buys = PriceGoesUp();
        Take(buys, RandomQuantity(largestDigits: 5), time);
    }

    private void Take(bool buys, long remaining, long time)
    {
        var side = buys ? Book.Asks : Book.Bids;
        for (var level = 0; level < MostLevelsTaken && remaining > 0 && side.Count > 1; level++)
        {
            var available = side.BestQuantity;
            var taken = Math.Min(remaining, available);
            Fill(side.BestPrice, taken, time, buys);
            remaining -= taken;
            if (taken == available)
            {
                Book.RemoveBest(side);
            }
            else
            {
                Book.SetQuantity(side, 0, available - taken);
            }
        }

        Refill(side);
        _listener.OnQuote(this);
    }

    /// <summary>The taker meets one or more resting orders at one price: a trade for each, one aggregate for all.</summary>
    private void Fill(long price, long quantity, long time, bool buys)
    {
        if (Faults.WithholdsTrade)
        {
            Withhold(price, quantity, time, buys);
            return;
        }

        BeginFill(price, buys);
        var firstId = Truth.NextId;
        var remaining = quantity;
        var fills = _random.Chance(SingleFillPercent) ? 1 : 1 + _random.Below(MostFillsPerLevel);
        for (; remaining > 0; fills--)
        {
            var lots = remaining / Spec.QuantityStep;
            var part = fills <= 1 || lots < 2 ? remaining : (1 + _random.Below(lots - 1)) * Spec.QuantityStep;
            var trade = new EngineTrade(Truth.NextId, Aggregates.NextId, price, part, time, buys);
            Truth.Add(trade);
            Klines.Add(trade);
            _listener.OnTrade(this, trade);
            remaining -= part;
            _lastQuantity = part;
        }

        (LastPrice, _lastTime) = (price, time);
        EndFill(new AggregateTrade(Aggregates.NextId, firstId, Truth.NextId - 1, price, quantity, time, buys));
    }

    /// <summary>A trade, and an aggregate of it alone, that counts in bars and is never told.</summary>
    private void Withhold(long price, long quantity, long time, bool buys)
    {
        EndAggregate();
        var trade = new EngineTrade(Truth.NextId, Aggregates.NextId++, price, quantity, time, buys, TradeKind.Withheld);
        Truth.AddWithheld(trade);
        Klines.Add(trade);
        (LastPrice, _lastTime, _lastQuantity) = (price, time, quantity);
    }
}
