using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>
/// Prices and quantities of the world: whole multiples of 10^-8, exact in a <see cref="long"/> and written with eight decimals as
/// the venue does.
/// </summary>
internal static class FixedPoint
{
    public const int Scale = 8;
    public const long One = 100_000_000;

    /// <summary>False when the number has more than eight decimals or is too large.</summary>
    public static bool TryFrom(Number number, out long units)
    {
        units = 0;
        if (number.Scale > Scale)
        {
            return false;
        }

        Int128 wide = number.Mantissa;
        for (var scale = (int)number.Scale; scale < Scale; scale++)
        {
            wide *= 10;
        }

        units = (long)wide;
        return units == wide;
    }

    public static Number ToNumber(long units) => new(units, Scale);
}
