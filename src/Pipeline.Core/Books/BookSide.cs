using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// One side of a book, sorted by keys that rise towards the best level: price ticks for bids, their negatives for asks. The best
/// stands at the arrays' end, where most changes happen and moving costs least.
/// </summary>
internal sealed class BookSide(int maxLevels)
{
    private const long Everything = long.MinValue;

    private long[] _keys = new long[16];
    private BookLevel[] _levels = new BookLevel[16];

    // Keys from here on are known whole; worse ones only as far as they changed since the snapshot.
    private long _knownFrom = Everything;

    public int Count { get; private set; }

    /// <summary>Levels that went because of the bound.</summary>
    public long Cut { get; private set; }

    /// <summary>Depth (0 = best) of the best change since <see cref="Settle"/>; the maximum when nothing changed.</summary>
    public int BestChange { get; private set; } = int.MaxValue;

    public long BestKey => _keys[Count - 1];

    public ref readonly BookLevel At(int depth) => ref _levels[Count - 1 - depth];

    public long KeyAt(int depth) => _keys[Count - 1 - depth];

    /// <summary>Changes are taken note of from here on.</summary>
    public void Settle() => BestChange = int.MaxValue;

    public void Clear()
    {
        Count = 0;
        _knownFrom = Everything;
        BestChange = 0;
    }

    /// <summary>Sets the level at <paramref name="key"/>; quantity zero removes it.</summary>
    public void Set(long key, in BookLevel level)
    {
        // Most changes are near the best: one look there, then the halves.
        var at = Count == 0 || key > _keys[Count - 1] ? Count : _keys.AsSpan(0, Count).BinarySearch(key);
        var isKnown = at >= 0 && at < Count;
        if (at < 0)
        {
            at = ~at;
        }

        if (level.Quantity.Mantissa == 0)
        {
            if (isKnown)
            {
                Remove(at);
            }
        }
        else if (isKnown)
        {
            Touch(Count - 1 - at);
            _levels[at] = level;
        }
        else
        {
            Insert(at, key, level);
        }
    }

    /// <summary>Says that the venue cut the levels now held: what is worse than the worst of them is unknown.</summary>
    public void MarkCut()
    {
        if (Count > 0)
        {
            _knownFrom = _keys[0];
        }
    }

    /// <summary>Whether the best <paramref name="depth"/> levels are certain to be the venue's.</summary>
    public bool Knows(int depth) => _knownFrom == Everything || (Count >= depth && _keys[Count - depth] >= _knownFrom);

    /// <summary>Whether all keys fit 64 bits when multiplied.</summary>
    public bool CanScale(long factor) =>
        Count == 0 || (Fits(_keys[0], factor) && Fits(_keys[Count - 1], factor) && (_knownFrom == Everything || Fits(_knownFrom, factor)));

    public void Scale(long factor)
    {
        foreach (ref var key in _keys.AsSpan(0, Count))
        {
            key *= factor;
        }

        if (_knownFrom != Everything)
        {
            _knownFrom *= factor;
        }
    }

    private static bool Fits(long key, long factor) => Math.Abs(key) <= long.MaxValue / factor;

    private void Touch(int depth) => BestChange = Math.Min(BestChange, depth);

    private void Remove(int at)
    {
        Touch(Count - 1 - at);
        var moved = Count - 1 - at;
        Array.Copy(_keys, at + 1, _keys, at, moved);
        Array.Copy(_levels, at + 1, _levels, at, moved);
        Count--;
    }

    private void Insert(int at, long key, in BookLevel level)
    {
        if (Count == maxLevels)
        {
            InsertIntoFull(at, key, level);
            return;
        }

        if (Count == _keys.Length)
        {
            var length = Math.Min(maxLevels, Count * 2);
            Array.Resize(ref _keys, length);
            Array.Resize(ref _levels, length);
        }

        Touch(Count - at);
        Array.Copy(_keys, at, _keys, at + 1, Count - at);
        Array.Copy(_levels, at, _levels, at + 1, Count - at);
        _keys[at] = key;
        _levels[at] = level;
        Count++;
    }

    /// <summary>The worst level makes room, or is the new one itself.</summary>
    private void InsertIntoFull(int at, long key, in BookLevel level)
    {
        Cut++;
        if (at > 0)
        {
            at--;
            Touch(Count - 1 - at);
            Array.Copy(_keys, 1, _keys, 0, at);
            Array.Copy(_levels, 1, _levels, 0, at);
            _keys[at] = key;
            _levels[at] = level;
        }

        _knownFrom = Math.Max(_knownFrom, _keys[0]);
    }
}
