namespace Pipeline.Simulator.World;

/// <summary>What rests at a price.</summary>
internal readonly record struct PriceLevel(long Price, long Quantity);
