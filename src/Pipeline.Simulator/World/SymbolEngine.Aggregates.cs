namespace Pipeline.Simulator.World;

/// <summary>
/// Aggregates: of one taker order and price, told at once; on Binance futures of whatever traded on one side at one price without
/// another in between, told at the end of its 100 ms.
/// </summary>
internal sealed partial class SymbolEngine
{
    private AggregateTrade? _openAggregate;

    /// <summary>To be told before the trades: those of another price or side begin a new aggregate.</summary>
    private void BeginFill(long price, bool buys)
    {
        if (_openAggregate is { } open && (open.Price != price || open.TakerBuys != buys))
        {
            EndAggregate();
        }
    }

    private void EndFill(in AggregateTrade part)
    {
        _openAggregate = _openAggregate is { } open
            ? open with { LastId = part.LastId, Quantity = open.Quantity + part.Quantity }
            : part;
        if (!Spec.HasTimedAggregates)
        {
            EndAggregate();
        }
    }

    private void EndAggregate()
    {
        if (_openAggregate is { } open)
        {
            _openAggregate = null;
            Aggregates.NextId++;
            _listener.OnAggregateTrade(this, open);
        }
    }
}
