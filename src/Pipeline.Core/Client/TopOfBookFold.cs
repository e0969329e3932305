using Pipeline.Core.Market;

namespace Pipeline.Core.Client;

/// <summary>
/// Makes the whole top of one book of the records that leave the graph: full ones, and changes between them. Plain; one thread at a time.
/// </summary>
internal sealed class TopOfBookFold
{
    private readonly SortedList<Number, Number> _bids = new(Comparer<Number>.Create(static (a, b) => b.CompareTo(a)));
    private readonly SortedList<Number, Number> _asks = [];
    private long _id = -1;

    /// <summary>Null for a record that does not follow the one before: the next full one begins anew.</summary>
    /// <param name="levels">Bids, then asks; quantity zero removes.</param>
    public TopOfBook? Apply(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        if (update.Kind != BookUpdateKind.Update)
        {
            _bids.Clear();
            _asks.Clear();
        }
        else if (_id < 0 || update.PreviousUpdateId != _id)
        {
            _id = -1;
            return null;
        }

        for (var i = 0; i < levels.Length; i++)
        {
            Set(i < update.Bids ? _bids : _asks, levels[i]);
        }

        _id = update.LastUpdateId;
        return new TopOfBook(update.Instrument, _id, Copy(_bids), Copy(_asks), update.EventTime, update.ReceivedTime);
    }

    private static void Set(SortedList<Number, Number> side, BookLevel level)
    {
        if (level.Quantity.Mantissa == 0)
        {
            side.Remove(level.Price);
        }
        else
        {
            side[level.Price] = level.Quantity;
        }
    }

    private static BookLevel[] Copy(SortedList<Number, Number> side)
    {
        var levels = new BookLevel[side.Count];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = new BookLevel(side.GetKeyAtIndex(i), side.GetValueAtIndex(i));
        }

        return levels;
    }
}
