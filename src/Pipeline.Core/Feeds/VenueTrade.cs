using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>A trade as the venue sent it: symbol by its number in the connection's <see cref="SymbolTable"/>, time in the venue's unit.</summary>
public readonly record struct VenueTrade(int Symbol, long Id, Number Price, Number Quantity, AggressorSide Side, int Fills, long Time);
