namespace Pipeline.Simulator.World;

/// <summary>How lively a symbol is, and how much of it is remembered.</summary>
/// <param name="OrdersPerSecond">Taker orders.</param>
/// <param name="QuotesPerSecond">Changes of the best bid or ask by makers.</param>
/// <param name="TruthTrades">Trades kept as ground truth.</param>
/// <param name="BookChanges">Changes of the book kept.</param>
internal readonly record struct EngineRates(double OrdersPerSecond, double QuotesPerSecond, int TruthTrades, int BookChanges = 200_000)
{
    /// <summary>Whether bars reach back before the start.</summary>
    public bool HasPast { get; init; }
}
