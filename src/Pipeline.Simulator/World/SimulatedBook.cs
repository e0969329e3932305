using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>
/// The resting orders of a symbol, summed per price. Every change of a level takes the next update id and is noted until its
/// second has been published.
/// </summary>
internal sealed class SimulatedBook(int levels, long lastUpdateId)
{
    private readonly ValueList<BookChange> _changes = new();
    private int _published;

    public BookSide Bids { get; } = new(bid: true, levels);

    public BookSide Asks { get; } = new(bid: false, levels);

    public long LastUpdateId { get; private set; } = lastUpdateId;

    /// <summary>Changes since the last <see cref="MarkPublished"/>; the last has <see cref="LastUpdateId"/>.</summary>
    public ReadOnlySpan<BookChange> Unpublished => _changes.Span[_published..];

    /// <summary>Changes since the last <see cref="StartSecond"/>.</summary>
    public ReadOnlySpan<BookChange> ThisSecond => _changes.Span;

    public void MarkPublished() => _published = _changes.Count;

    public void StartSecond()
    {
        _changes.Clear();
        _published = 0;
    }

    public void SetQuantity(BookSide side, int depth, long quantity)
    {
        side.SetQuantity(depth, quantity);
        Note(side, side.Level(depth).Price, quantity);
    }

    public void RemoveBest(BookSide side)
    {
        var price = side.BestPrice;
        side.RemoveBest();
        Note(side, price, 0);
    }

    /// <summary>A better price appears; the far end gives way when the side is full.</summary>
    public void Improve(BookSide side, long price, long quantity)
    {
        if (side.IsFull)
        {
            var worst = side.WorstPrice;
            side.RemoveWorst();
            Note(side, worst, 0);
        }

        side.AddBest(price, quantity);
        Note(side, price, quantity);
    }

    public void Extend(BookSide side, long price, long quantity)
    {
        side.AddWorst(price, quantity);
        Note(side, price, quantity);
    }

    private void Note(BookSide side, long price, long quantity)
    {
        LastUpdateId++;
        _changes.Add(new BookChange(side.Bid, price, quantity));
    }
}
