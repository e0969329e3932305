namespace Pipeline.Core.Market;

/// <summary>A position closed by the venue. No venue tells all of them. Times are microseconds, UTC.</summary>
/// <param name="Side">Side of the order that closes it: a long is sold.</param>
/// <param name="Price">Of the order; the bankruptcy price where the venue says only that.</param>
/// <param name="AveragePrice">Of the fills; null = not said.</param>
public readonly record struct Liquidation(
    Instrument Instrument, AggressorSide Side, Number Price, Number? AveragePrice, Number Quantity, long EventTime, long ReceivedTime);
