namespace Pipeline.Simulator.World;

/// <summary>A position that was closed by force; its fills were trades like any other.</summary>
/// <param name="TakerBuys">True when a short position was closed.</param>
/// <param name="Price">Limit of the order.</param>
/// <param name="AveragePrice">Mean price of its fills.</param>
/// <param name="Quantity">Filled quantity.</param>
/// <param name="LastQuantity">Quantity of its last fill.</param>
/// <param name="Time">Microseconds.</param>
internal readonly record struct Liquidation(
    bool TakerBuys, long Price, long AveragePrice, long Quantity, long LastQuantity, long Time);
