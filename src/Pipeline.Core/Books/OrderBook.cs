using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// Held state of one book. Prices are compared as whole ticks at the book's scale, the finest seen; a finer one rescales the book.
/// </summary>
internal sealed class OrderBook(int maxLevels)
{
    public BookSide Bids { get; } = new(maxLevels);

    public BookSide Asks { get; } = new(maxLevels);

    /// <summary>Decimals of a tick. Rises only, until the book is cleared.</summary>
    public int Scale { get; private set; }

    /// <summary>Best bid at or above best ask: something is missing or wrong.</summary>
    public bool IsCrossed => Bids.Count > 0 && Asks.Count > 0 && Bids.BestKey >= -Asks.BestKey;

    public void Clear()
    {
        Bids.Clear();
        Asks.Clear();
        Scale = 0;
    }

    /// <summary>
    /// Sets levels, absolute, zero removes. False as soon as one is impossible: a price that is not positive, a quantity below zero,
    /// or a price so much finer or larger than the others that ticks do not fit 64 bits. The book is then good for nothing.
    /// </summary>
    /// <param name="levels">Bids, then asks.</param>
    public bool TryApply(ReadOnlySpan<BookLevel> levels, int bids)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            ref readonly var level = ref levels[i];
            if (level.Price.Mantissa <= 0 || level.Quantity.Mantissa < 0 || !TryTicks(level.Price, out var ticks))
            {
                return false;
            }

            if (i < bids)
            {
                Bids.Set(ticks, level);
            }
            else
            {
                Asks.Set(-ticks, level);
            }
        }

        return true;
    }

    private bool TryTicks(Number price, out long ticks)
    {
        ticks = price.Mantissa;
        if (price.Scale == Scale)
        {
            return true;
        }

        if (price.Scale > Scale)
        {
            return TryRescale(price.Scale);
        }

        var factor = PowerOfTen(Scale - price.Scale);
        if (factor == 0 || ticks > long.MaxValue / factor)
        {
            return false;
        }

        ticks *= factor;
        return true;
    }

    private bool TryRescale(int scale)
    {
        if (Bids.Count + Asks.Count > 0)
        {
            var factor = PowerOfTen(scale - Scale);
            if (factor == 0 || !Bids.CanScale(factor) || !Asks.CanScale(factor))
            {
                return false;
            }

            Bids.Scale(factor);
            Asks.Scale(factor);
        }

        Scale = scale;
        return true;
    }

    /// <summary>0 when it does not fit 64 bits.</summary>
    private static long PowerOfTen(int exponent) => exponent > 18 ? 0 : (long)DecimalText.PowerOfTen(exponent);
}
