using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>Decimals written of prices, quantities and turnovers.</summary>
internal readonly record struct NumberFormat(int Price, int Quantity, int Turnover)
{
    /// <summary>Spot writes eight, whatever the step.</summary>
    public static readonly NumberFormat Spot = new(FixedPoint.Scale, FixedPoint.Scale, FixedPoint.Scale);

    /// <summary>Futures write as many as the steps have.</summary>
    public static NumberFormat Futures(SymbolSpec spec)
    {
        var (price, quantity) = (Decimals(spec.PriceStep), Decimals(spec.QuantityStep));
        return new NumberFormat(price, quantity, Math.Min(FixedPoint.Scale, price + quantity));
    }

    private static int Decimals(long step)
    {
        var decimals = FixedPoint.Scale;
        for (; decimals > 0 && step % 10 == 0; step /= 10)
        {
            decimals--;
        }

        return decimals;
    }
}
