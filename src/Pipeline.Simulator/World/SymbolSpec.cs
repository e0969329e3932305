using Pipeline.Core.Topology;

namespace Pipeline.Simulator.World;

/// <summary>A symbol's constants, checked and in units of <see cref="FixedPoint"/>.</summary>
/// <param name="Index">Position in the venue's list.</param>
/// <param name="Symbol">The venue's spelling.</param>
/// <param name="Price">Opening price.</param>
/// <param name="PriceStep">Smallest price change.</param>
/// <param name="QuantityStep">Smallest quantity.</param>
internal sealed record SymbolSpec(
    int Index,
    SimulatedVenue Venue,
    string Symbol,
    bool IsPerpetual,
    string Base,
    string Quote,
    long Price,
    long PriceStep,
    long QuantityStep)
{
    // A sweep of the far side of the book must stay above zero, and quantities of a million steps within a long's head room.
    private const long LargestPrice = 10_000_000 * FixedPoint.One;
    private const long LargestStep = 10_000 * FixedPoint.One;

    /// <summary>Decimals of a price as it is sent: its unit is 10 to the minus that.</summary>
    public int PriceDecimals { get; init; } = FixedPoint.Scale;

    /// <summary>Whether aggregate trades are gathered over 100 ms.</summary>
    public bool HasTimedAggregates => Venue == SimulatedVenue.BinanceFutures;

    /// <summary>Whether there are trades that are not of <see cref="TradeKind.Market"/>.</summary>
    public bool HasFundFills => Venue == SimulatedVenue.BinanceFutures;

    /// <exception cref="ArgumentException">The symbol cannot be simulated; the message names key and reason.</exception>
    public static SymbolSpec From(int index, SimulatedVenue venue, ListedSymbol listed, SimulatedSymbol symbol)
    {
        if (!FixedPoint.TryFrom(symbol.PriceStep, out var priceStep) || priceStep is <= 0 or > LargestStep)
        {
            throw Invalid(symbol, "priceStep must be positive with at most 8 decimals");
        }

        if (!FixedPoint.TryFrom(symbol.QuantityStep, out var quantityStep) || quantityStep is <= 0 or > LargestStep)
        {
            throw Invalid(symbol, "quantityStep must be positive with at most 8 decimals");
        }

        if (!FixedPoint.TryFrom(symbol.Price, out var price) || price > LargestPrice || price % priceStep != 0 || price / priceStep < 100)
        {
            throw Invalid(symbol, "price must be a multiple of priceStep, at least 100 steps and at most 10,000,000");
        }

        return new SymbolSpec(index, venue, listed.Symbol, listed.IsPerpetual, symbol.Base, symbol.Quote, price, priceStep, quantityStep)
        {
            PriceDecimals = FixedPoint.Scale + listed.PriceShift,
        };
    }

    private static ArgumentException Invalid(SimulatedSymbol symbol, string reason) =>
        new($"simulator.symbols: '{symbol.Instrument}': {reason}.");
}
