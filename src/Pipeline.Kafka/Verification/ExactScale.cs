using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>
/// The finest scale that prices and quantities of an instrument had so far: sums in whole units of it are exact and cost one addition.
/// </summary>
internal sealed class ExactScale
{
    public int Price { get; private set; }

    public int Quantity { get; private set; }

    /// <summary>The trade's quantity and its product with the price, in units. False when they do not fit 128 bits.</summary>
    public bool TryTake(in TradeRow row, out Int128 quantity, out Int128 turnover)
    {
        Price = Math.Max(Price, row.Price.Scale);
        Quantity = Math.Max(Quantity, row.Quantity.Scale);
        turnover = 0;
        return TryScale(row.Quantity.Mantissa, Quantity - row.Quantity.Scale, out quantity)
            && TryScale(row.Price.Mantissa, Price - row.Price.Scale, out var price)
            && TryMultiply(price, quantity, out turnover);
    }

    public static bool TryScale(Int128 units, int by, out Int128 scaled)
    {
        scaled = units;
        for (var i = 0; i < by; i++)
        {
            if (Int128.Abs(scaled) > Int128.MaxValue / 10)
            {
                return false;
            }

            scaled *= 10;
        }

        return true;
    }

    private static bool TryMultiply(Int128 left, Int128 right, out Int128 product)
    {
        // Almost always both fit 63 bits, and their product 126.
        if ((long)left == left && (long)right == right)
        {
            product = Math.BigMul((long)left, (long)right);
            return true;
        }

        product = left * right;
        return left == 0 || (product / left == right && Int128.Abs(left) < Int128.MaxValue / Int128.Max(1, Int128.Abs(right)));
    }
}
