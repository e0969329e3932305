namespace Pipeline.Core.Candles;

/// <summary>The closed windows of one interval that are still held, by time. Few: those whose record waits, and the newest others.</summary>
internal sealed class ClosedWindows
{
    private ClosedWindow[] _items = [];

    public int Count { get; private set; }

    public ref ClosedWindow this[int index] => ref _items[index];

    /// <summary>Position of the window, or the complement of where it would be.</summary>
    public int Find(long openTime)
    {
        // Newest first: that is where nearly everything happens.
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_items[i].OpenTime <= openTime)
            {
                return _items[i].OpenTime == openTime ? i : ~(i + 1);
            }
        }

        return ~0;
    }

    /// <summary>Makes room at the position that <see cref="Find"/> told; the window there is blank but for its time.</summary>
    public ref ClosedWindow Insert(int index, long openTime)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(2, _items.Length * 2));
        }

        Array.Copy(_items, index, _items, index + 1, Count - index);
        Count++;
        _items[index] = new ClosedWindow { OpenTime = openTime };
        return ref _items[index];
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_items, index + 1, _items, index, Count - index);

        // A long repair must not leave its memory behind.
        if (_items.Length > 16 && Count < _items.Length / 4)
        {
            Array.Resize(ref _items, _items.Length / 2);
        }
    }

    public void Clear() => (_items, Count) = ([], 0);
}
