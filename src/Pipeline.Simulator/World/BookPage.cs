using Pipeline.Core.Market;

namespace Pipeline.Simulator.World;

/// <summary>The book at one update id and the changes after it, in order.</summary>
internal sealed class BookPage(BookSnapshot start, int capacity)
{
    private readonly BookChange[] _changes = new BookChange[capacity];

    public BookSnapshot Start { get; } = start;

    public int Count { get; private set; }

    public bool IsFull => Count == _changes.Length;

    public void Add(in BookChange change) => _changes[Count++] = change;

    /// <summary>The changes up to and including <paramref name="id"/>.</summary>
    public BookChange[] ChangesUpTo(long id) => _changes[..(int)(id - Start.UpdateId)];

    /// <summary>Appends those of the page's changes that are from one id to another.</summary>
    public void CopyTo(long firstId, long lastId, ValueList<BookChange> target)
    {
        var from = (int)Math.Max(0, firstId - Start.UpdateId - 1);
        var end = (int)Math.Min(Count, lastId - Start.UpdateId);
        target.AddRange(_changes.AsSpan(from, end - from));
    }
}
