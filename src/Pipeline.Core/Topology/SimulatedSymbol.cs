using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>A symbol of the simulated venue.</summary>
/// <param name="Symbol">Venue spelling, such as <c>BTCUSDT</c>.</param>
/// <param name="Price">Opening price.</param>
/// <param name="PriceStep">Smallest price change.</param>
/// <param name="QuantityStep">Smallest quantity.</param>
public sealed record SimulatedSymbol(string Symbol, Number Price, Number PriceStep, Number QuantityStep);
