using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>What the simulator can make a market of: the same bounds as its own, which a test holds together.</summary>
internal static class SymbolRules
{
    private const int MostDecimals = 8;
    private const int LeastSteps = 100;
    private static readonly Number LargestPrice = new(10_000_000, 0);
    private static readonly Number LargestStep = new(10_000, 0);

    public static IEnumerable<Breach> PriceIsInBounds(SimulatedSymbol symbol) => InBounds("price", symbol.Price, LargestPrice);

    public static IEnumerable<Breach> PriceStepIsInBounds(SimulatedSymbol symbol) => InBounds("priceStep", symbol.PriceStep, LargestStep);

    public static IEnumerable<Breach> QuantityStepIsInBounds(SimulatedSymbol symbol) =>
        InBounds("quantityStep", symbol.QuantityStep, LargestStep);

    public static IEnumerable<Breach> PriceFitsStep(SimulatedSymbol symbol)
    {
        var (price, step) = (symbol.Price, symbol.PriceStep);
        var (priceUnits, stepUnits) = (Units(price), Units(step));
        if (priceUnits % stepUnits != 0)
        {
            yield return new Breach("price", $"the price {price} is not a multiple of its step {step}", "write another price or priceStep");
        }
        else if (priceUnits / stepUnits < LeastSteps)
        {
            yield return new Breach("price", $"the price {price} is less than {LeastSteps} of its steps of {step}",
                "write a smaller priceStep");
        }
    }

    private static IEnumerable<Breach> InBounds(string key, Number value, Number largest)
    {
        if (value.Scale > MostDecimals)
        {
            yield return new Breach(key, $"{value} has more than {MostDecimals} decimals", $"write {MostDecimals} decimals or less");
        }
        else if (value > largest)
        {
            yield return new Breach(key, $"must be at most {largest}, not {value}", "");
        }
    }

    // Both numbers in the finest unit there is, whatever their scales: 18 digits and 36 more decimals are beyond a long.
    private static System.Numerics.BigInteger Units(Number number) =>
        number.Mantissa * System.Numerics.BigInteger.Pow(10, Number.MaxScale - number.Scale);
}
