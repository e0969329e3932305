namespace Pipeline.Simulator.World;

/// <summary>The newest closed bars of a series without a gap; grows up to its bound, then the oldest give way.</summary>
internal sealed class BarHistory(int capacity)
{
    private KlineBar[] _bars = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>By age, 0 = oldest.</summary>
    public ref readonly KlineBar this[int index] => ref _bars[(_first + index) % _bars.Length];

    public void Add(in KlineBar bar)
    {
        if (Count == capacity)
        {
            _bars[_first] = bar;
            _first = (_first + 1) % capacity;
            return;
        }

        if (Count == _bars.Length)
        {
            Array.Resize(ref _bars, Math.Min(capacity, Math.Max(16, 2 * Count)));
        }

        _bars[Count++] = bar;
    }

    /// <summary>Index of the first bar that opened at or after <paramref name="time"/>; <see cref="Count"/> when there is none.</summary>
    public int Find(long time)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = this[middle].OpenTime < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
