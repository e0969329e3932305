namespace Pipeline.Simulator.World;

/// <summary>How a venue lists something.</summary>
/// <param name="Symbol">Its own spelling.</param>
/// <param name="IsPerpetual">A perpetual swap and not the thing itself.</param>
/// <param name="PriceShift">Decimal places by which prices are smaller on the wire than in the world.</param>
internal readonly record struct ListedSymbol(string Symbol, bool IsPerpetual, int PriceShift = 0);
