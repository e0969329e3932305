using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// A trade as the venue sent it: symbol by its number in the connection's <see cref="SymbolTable"/>, time in the venue's unit. A row
/// that stands for several ids covers <paramref name="FirstId"/> to <paramref name="Id"/>; else both are the same.
/// </summary>
public readonly record struct VenueTrade(
    int Symbol, long Id, long FirstId, Number Price, Number Quantity, AggressorSide Side, int Fills, TradeKind Kind, long Time);
