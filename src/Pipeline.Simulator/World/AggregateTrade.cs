namespace Pipeline.Simulator.World;

/// <summary>What one taker order took at one price: the trades <paramref name="FirstId"/> to <paramref name="LastId"/>.</summary>
internal readonly record struct AggregateTrade(
    long Id, long FirstId, long LastId, long Price, long Quantity, long Time, bool TakerBuys);
