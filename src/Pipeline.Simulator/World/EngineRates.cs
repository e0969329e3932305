namespace Pipeline.Simulator.World;

/// <summary>How lively a symbol is.</summary>
/// <param name="OrdersPerSecond">Taker orders.</param>
/// <param name="QuotesPerSecond">Changes of the best bid or ask by makers.</param>
/// <param name="TruthTrades">Trades kept as ground truth.</param>
internal readonly record struct EngineRates(double OrdersPerSecond, double QuotesPerSecond, int TruthTrades);
