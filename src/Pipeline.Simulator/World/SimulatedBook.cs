using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>
/// The resting orders of a symbol, summed per price. Every change of a level takes the next update id and is noted until its
/// second has been published.
/// </summary>
internal sealed class SimulatedBook
{
    private readonly ValueList<BookChange> _changes = new();
    private int _published;
    private bool _isOpen;

    /// <param name="levels">Most levels a side.</param>
    /// <param name="lastUpdateId">The first change has the next.</param>
    /// <param name="keptChanges">Changes kept in <see cref="History"/> at least.</param>
    public SimulatedBook(int levels, long lastUpdateId, int keptChanges)
    {
        Bids = new BookSide(bid: true, levels);
        Asks = new BookSide(bid: false, levels);
        LastUpdateId = lastUpdateId;
        History = new BookHistory(this, keptChanges);
    }

    public BookSide Bids { get; }

    public BookSide Asks { get; }

    public long LastUpdateId { get; private set; }

    /// <summary>The book as it was; begins with <see cref="Open"/>.</summary>
    public BookHistory History { get; }

    /// <summary>Changes since the last <see cref="MarkPublished"/>; the last has <see cref="LastUpdateId"/>.</summary>
    public ReadOnlySpan<BookChange> Unpublished => _changes.Span[_published..];

    /// <summary>Changes since the last <see cref="StartSecond"/>.</summary>
    public ReadOnlySpan<BookChange> ThisSecond => _changes.Span;

    /// <summary>The best levels of both sides, at most <paramref name="most"/> each.</summary>
    public BookSnapshot Snapshot(int most) => new(LastUpdateId, Bids.ToArray(most), Asks.ToArray(most));

    /// <summary>The first levels are there: history begins.</summary>
    public void Open()
    {
        StartSecond();
        History.BeginPage();
        _isOpen = true;
    }

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
        var change = new BookChange(side.Bid, price, quantity);
        _changes.Add(change);
        if (_isOpen)
        {
            History.Add(change);
        }
    }
}
