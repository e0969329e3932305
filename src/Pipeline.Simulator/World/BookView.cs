using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>The best levels of a book as they were published last, and how they have changed since.</summary>
internal sealed class BookView(int depth)
{
    private readonly BookViewSide _bids = new(bids: true, depth);
    private readonly BookViewSide _asks = new(bids: false, depth);

    /// <summary>Best first.</summary>
    public ReadOnlySpan<PriceLevel> Bids => _bids.Levels;

    /// <summary>Best first.</summary>
    public ReadOnlySpan<PriceLevel> Asks => _asks.Levels;

    /// <summary>What the last <see cref="Update"/> changed, best first; quantity 0 = the level is gone or too deep now.</summary>
    public ReadOnlySpan<PriceLevel> BidChanges => _bids.Changes;

    /// <summary>As <see cref="BidChanges"/>.</summary>
    public ReadOnlySpan<PriceLevel> AskChanges => _asks.Changes;

    /// <summary>Takes the book over; true when anything within the depth is different now.</summary>
    public bool Update(SimulatedBook book)
    {
        _bids.Update(book.Bids);
        _asks.Update(book.Asks);
        return !_bids.Changes.IsEmpty || !_asks.Changes.IsEmpty;
    }

    private sealed class BookViewSide(bool bids, int depth)
    {
        private readonly ValueList<PriceLevel> _changes = new();
        private PriceLevel[] _levels = new PriceLevel[depth];
        private PriceLevel[] _next = new PriceLevel[depth];
        private int _count;

        public ReadOnlySpan<PriceLevel> Levels => _levels.AsSpan(0, _count);

        public ReadOnlySpan<PriceLevel> Changes => _changes.Span;

        public void Update(BookSide side)
        {
            var count = Math.Min(depth, side.Count);
            for (var i = 0; i < count; i++)
            {
                var (price, quantity) = side.Level(i);
                _next[i] = new PriceLevel(price, quantity);
            }

            Compare(Levels, _next.AsSpan(0, count));
            (_levels, _next) = (_next, _levels);
            _count = count;
        }

        private void Compare(ReadOnlySpan<PriceLevel> old, ReadOnlySpan<PriceLevel> now)
        {
            _changes.Clear();
            while (!old.IsEmpty || !now.IsEmpty)
            {
                if (now.IsEmpty || (!old.IsEmpty && IsBetter(old[0].Price, now[0].Price)))
                {
                    _changes.Add(old[0] with { Quantity = 0 });
                    old = old[1..];
                }
                else if (old.IsEmpty || IsBetter(now[0].Price, old[0].Price))
                {
                    _changes.Add(now[0]);
                    now = now[1..];
                }
                else
                {
                    if (now[0].Quantity != old[0].Quantity)
                    {
                        _changes.Add(now[0]);
                    }

                    old = old[1..];
                    now = now[1..];
                }
            }
        }

        private bool IsBetter(long price, long than) => bids ? price > than : price < than;
    }
}
