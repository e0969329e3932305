namespace Pipeline.Simulator.World;

/// <summary>Makers.</summary>
internal sealed partial class SymbolEngine
{
    // Spacing of levels, as a part of the opening price: large enough that a minute's bar has a body, small enough to look like a book.
    private const long PriceToGap = 50_000;

    // Pull towards the opening price: at ±20 % from it, nine of ten moves go back.
    private const long PullPerMille = 200;

    private long Gap => Math.Max(1, Spec.Price / Spec.PriceStep / PriceToGap);

    private void FillBook()
    {
        Book.Extend(Book.Bids, Spec.Price - Spec.PriceStep, RandomQuantity(largestDigits: 6));
        Book.Extend(Book.Asks, Spec.Price, RandomQuantity(largestDigits: 6));
        Refill(Book.Bids);
        Refill(Book.Asks);
        Book.Open();
    }

    /// <summary>One change of the best bid or ask, and one further down.</summary>
    private void Requote()
    {
        var up = PriceGoesUp();
        var spread = (Book.Asks.BestPrice - Book.Bids.BestPrice) / Spec.PriceStep;
        var roll = _random.Below(100);
        if (spread > 1 && roll < (spread > 2 * Gap ? 80 : 40))
        {
            var side = up ? Book.Bids : Book.Asks;
            var ticks = 1 + _random.Below(Math.Min(spread - 1, 2 * Gap));
            Book.Improve(side, side.BestPrice + ((up ? ticks : -ticks) * Spec.PriceStep), RandomQuantity(largestDigits: 6));
        }
        else if (roll >= 85 && (up ? Book.Asks : Book.Bids).Count > 1)
        {
            var side = up ? Book.Asks : Book.Bids;
            Book.RemoveBest(side);
            Refill(side);
        }
        else
        {
            ChangeQuantity(_random.Chance(50) ? Book.Bids : Book.Asks, depth: 0);
        }

        var deep = _random.Chance(50) ? Book.Bids : Book.Asks;
        if (deep.Count > 1)
        {
            ChangeQuantity(deep, 1 + (int)_random.Below(Math.Min(deep.Count - 1, 1 + _random.Below(deep.Count))));
        }

        _listener.OnQuote(this);
    }

    private void ChangeQuantity(BookSide side, int depth)
    {
        var quantity = RandomQuantity(largestDigits: 6);
        Book.SetQuantity(side, depth, quantity == side.Level(depth).Quantity ? quantity + Spec.QuantityStep : quantity);
    }

    /// <summary>New levels at the far end keep the book's depth; bids end above zero.</summary>
    private void Refill(BookSide side)
    {
        while (!side.IsFull)
        {
            var distance = (1 + _random.Below(2 * Gap)) * Spec.PriceStep;
            var price = side.Bid ? side.WorstPrice - distance : side.WorstPrice + distance;
            if (price <= 0)
            {
                return;
            }

            Book.Extend(side, price, RandomQuantity(largestDigits: 6));
        }
    }

    /// <summary>Many small, few large: the number of digits is even, and so is the number within them.</summary>
    private long RandomQuantity(int largestDigits)
    {
        var bound = 10L;
        for (var digits = 1 + _random.Below(largestDigits); digits > 1; digits--)
        {
            bound *= 10;
        }

        return (1 + _random.Below(bound)) * Spec.QuantityStep;
    }

    private bool PriceGoesUp()
    {
        var offset = (Book.Bids.BestPrice - Spec.Price) / Math.Max(1, Spec.Price / 1000);
        var pull = Math.Clamp(offset * 400 / PullPerMille, -400, 400);
        return _random.Below(1000) < 500 - pull;
    }
}
