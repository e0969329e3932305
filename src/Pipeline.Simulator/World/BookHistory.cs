using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>
/// The newest changes of a book in pages, each of which begins with the whole book, so that the book at any kept update id is one
/// copy and some changes away. Keeps at least the given number of changes, when there were that many, and the update ids of the
/// newest <see cref="IntervalsKept"/> intervals of 100 ms.
/// </summary>
internal sealed class BookHistory(SimulatedBook book, int capacity)
{
    /// <summary>Ten minutes.</summary>
    public const int IntervalsKept = 6000;

    // A page's book is about 13 KB, its changes 74 KB.
    private const int PageSize = 3072;

    private readonly Queue<BookPage> _pages = new();
    private readonly Queue<(long Time, long Id)> _intervals = new();
    private readonly int _mostPages = (capacity / PageSize) + 2;
    private BookPage? _page;

    /// <summary>The oldest update id whose book is still known.</summary>
    public long OldestId => _pages.TryPeek(out var page) ? page.Start.UpdateId : book.LastUpdateId;

    /// <summary>Notes a change that the book has already made.</summary>
    public void Add(in BookChange change)
    {
        _page!.Add(change);
        if (_page.IsFull)
        {
            BeginPage();
        }
    }

    /// <summary>From here on changes are noted.</summary>
    public void BeginPage()
    {
        _page = new BookPage(book.Snapshot(int.MaxValue), PageSize);
        _pages.Enqueue(_page);
        if (_pages.Count > _mostPages)
        {
            _pages.Dequeue();
        }
    }

    /// <summary>Notes which update id was the newest at <paramref name="time"/>.</summary>
    public void MarkInterval(long time)
    {
        if (_intervals.Count == IntervalsKept)
        {
            _intervals.Dequeue();
        }

        _intervals.Enqueue((time, book.LastUpdateId));
    }

    /// <summary>The update id that was the newest at <paramref name="time"/>, to 100 ms; the oldest known one for times before.</summary>
    public long IdAt(long time)
    {
        var id = OldestId;
        foreach (var interval in _intervals)
        {
            if (interval.Time > time)
            {
                break;
            }

            id = Math.Max(id, interval.Id);
        }

        return id;
    }

    /// <summary>
    /// What it takes to make the book at <paramref name="id"/>, to be done outside the world's lock; null when the id is older than
    /// <see cref="OldestId"/> or has not been given yet.
    /// </summary>
    public Func<BookSnapshot>? Prepare(long id)
    {
        if (id < OldestId || id > book.LastUpdateId)
        {
            return null;
        }

        var page = _pages.Last(candidate => candidate.Start.UpdateId <= id);
        var changes = page.ChangesUpTo(id);
        return () => Replay(page.Start, changes, id);
    }

    /// <summary>Replaces <paramref name="target"/> by the changes from one id to another; false when not all of them are kept.</summary>
    public bool CopyChanges(long firstId, long lastId, ValueList<BookChange> target)
    {
        target.Clear();
        if (firstId <= OldestId || firstId > lastId || lastId > book.LastUpdateId)
        {
            return false;
        }

        foreach (var page in _pages)
        {
            if (page.Start.UpdateId + page.Count >= firstId && page.Start.UpdateId < lastId)
            {
                page.CopyTo(firstId, lastId, target);
            }
        }

        return true;
    }

    private static BookSnapshot Replay(BookSnapshot start, BookChange[] changes, long id) =>
        new(id, Replay(start.Bids, changes, bids: true), Replay(start.Asks, changes, bids: false));

    private static PriceLevel[] Replay(IReadOnlyList<PriceLevel> start, BookChange[] changes, bool bids)
    {
        var levels = start.ToDictionary(level => level.Price, level => level.Quantity);
        foreach (var change in changes)
        {
            if (change.Bid != bids)
            {
                continue;
            }

            if (change.Quantity == 0)
            {
                levels.Remove(change.Price);
            }
            else
            {
                levels[change.Price] = change.Quantity;
            }
        }

        var sorted = bids ? levels.OrderByDescending(level => level.Key) : levels.OrderBy(level => level.Key);
        return [.. sorted.Select(level => new PriceLevel(level.Key, level.Value))];
    }
}
