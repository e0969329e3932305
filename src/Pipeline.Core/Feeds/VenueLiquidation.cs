using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>A liquidation as the venue sent it. See <see cref="Liquidation"/>.</summary>
public readonly record struct VenueLiquidation(
    int Symbol, AggressorSide Side, Number Price, Number? AveragePrice, Number Quantity, long Time);
