using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// A socket that brings a book's updates while the book follows another: those that lie ahead of the book, an unbroken row. Its place in
/// <see cref="OrderBookUpdate.PreviousUpdateId"/> is where each begins: it holds every change behind that id up to its own.
/// </summary>
internal sealed class BookLeg(long socket, BookRule rule, BookOptions options, BufferBudget budget)
{
    /// <summary>A snapshot begins nowhere: it replaces whatever was.</summary>
    private const long Anywhere = long.MinValue;

    /// <summary>Without what came before it on its socket, nobody knows where it begins.</summary>
    private const long Unknown = long.MaxValue;

    private readonly UpdateBuffer _row = new(options.MaxBufferedUpdates, options.MaxBufferedLevels, budget);
    private long _lastId = Unknown;

    public long Socket => socket;

    public bool IsEmpty => _row.Count == 0;

    public int Count => _row.Count;

    public ref OrderBookUpdate this[int index] => ref _row[index];

    public ReadOnlySpan<BookLevel> LevelsOf(in OrderBookUpdate update) => _row.LevelsOf(update);

    /// <summary>Takes note of an update, and keeps it; returns how many updates had to go for it.</summary>
    public int Add(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, bool isWhole)
    {
        if (!isWhole && !IsEmpty && rule != BookRule.Chain && update.LastUpdateId <= _lastId)
        {
            // Said before. In a chain ids tell nothing of age.
            return 0;
        }

        var from = isWhole ? Anywhere : BeginOf(update);
        var breaks = from != _lastId || update.LastUpdateId < from;
        _lastId = update.LastUpdateId;
        if (isWhole || (breaks && !IsEmpty))
        {
            // A new beginning, a hole in the row, or ids that begin anew: what was kept leads nowhere.
            _row.Clear();
        }

        var saysNothing = update.LastUpdateId <= from && !isWhole;
        return saysNothing || from == Unknown ? 0 : _row.Add(update with { PreviousUpdateId = from }, levels);
    }

    /// <summary>Lets go of what the book is past; true when something is left.</summary>
    public bool Prune(long bookId)
    {
        var old = 0;
        while (old < _row.Count && _row[old].LastUpdateId <= bookId)
        {
            old++;
        }

        if (old > 0)
        {
            _row.RemoveFirst(old);
        }

        return !IsEmpty;
    }

    /// <summary>
    /// Whether the row goes on where the book is. The first update may begin before it: levels are absolute, so that the changes the
    /// book has already are set to what they became, whatever the grouping.
    /// </summary>
    public bool Bridges(long bookId) => !IsEmpty && _row[0].PreviousUpdateId <= bookId;

    public void Clear() => _row.Clear();

    private long BeginOf(in OrderBookUpdate update) => rule switch
    {
        BookRule.Range => update.FirstUpdateId - 1,
        BookRule.Previous => update.PreviousUpdateId >= 0 ? update.PreviousUpdateId : update.FirstUpdateId - 1,
        BookRule.Chain => update.PreviousUpdateId,
        _ => _lastId,
    };
}
