namespace Pipeline.Gateway.Streams;

/// <summary>
/// The records of one stream that can be replayed, oldest first. Of those that a newer one replaces (quotes, books, forming candles) only the
/// place is kept: a replay sends the newest and tells how many it stands for.
/// </summary>
internal sealed class StreamWindow
{
    private HeldRecord[] _ring = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>Everything after this offset is here.</summary>
    public long CompleteAfter { get; private set; }

    public HeldRecord this[int index] => _ring[(_first + index) & (_ring.Length - 1)];

    public void Reset(long completeAfter)
    {
        _ring = [];
        _first = 0;
        Count = 0;
        CompleteAfter = completeAfter;
    }

    public void Add(in HeldRecord record)
    {
        if (Count == _ring.Length)
        {
            var ring = new HeldRecord[Math.Max(4, _ring.Length * 2)];
            for (var i = 0; i < Count; i++)
            {
                ring[i] = this[i];
            }

            (_ring, _first) = (ring, 0);
        }

        _ring[(_first + Count++) & (_ring.Length - 1)] = record;
    }

    public void RemoveOldest()
    {
        ref var oldest = ref _ring[_first];
        CompleteAfter = oldest.Offset;
        oldest = default;
        _first = (_first + 1) & (_ring.Length - 1);
        if (--Count == 0 && _ring.Length > 64)
        {
            _ring = [];
            _first = 0;
        }
    }

    /// <summary>Index of the first record after an offset; <see cref="Count"/> when there is none.</summary>
    public int IndexAfter(long offset)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].Offset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
