namespace Pipeline.Simulator.World;

/// <summary>
/// The ground truth of a symbol: its newest trades, in chunks that are filled in turn and reused when the bound is reached.
/// </summary>
internal sealed class TradeHistory
{
    // 40-byte elements: a chunk stays below the large object heap.
    private const int ChunkSize = 2048;
    private const int HolesKept = 1000;

    private readonly EngineTrade[]?[] _chunks;
    private readonly long _startId;
    private readonly List<(long From, long To)> _holes = [];
    private long _nextId;
    private long _skipped;

    /// <param name="startId">Id of the first trade to come.</param>
    /// <param name="capacity">Trades kept at least, when there are that many.</param>
    public TradeHistory(long startId, int capacity)
    {
        _chunks = new EngineTrade[]?[(capacity / ChunkSize) + 2];
        _startId = startId;
        _nextId = startId;
    }

    /// <summary>Trades ever made.</summary>
    public long Count => _nextId - _startId - _skipped;

    /// <summary>Ids that were never given, first and last; the newest thousand such holes.</summary>
    public IReadOnlyList<(long From, long To)> Holes => [.. _holes];

    /// <summary>Id of the first trade ever made, kept or not.</summary>
    public long StartId => _startId;

    /// <summary>One past the newest id.</summary>
    public long NextId => _nextId;

    /// <summary>Oldest id still kept.</summary>
    public long OldestId
    {
        get
        {
            var chunk = (_nextId - _startId) / ChunkSize;
            return _startId + (Math.Max(0, chunk - (_chunks.Length - 1)) * ChunkSize);
        }
    }

    public void Add(in EngineTrade trade)
    {
        var index = _nextId++ - _startId;
        ref var chunk = ref _chunks[index / ChunkSize % _chunks.Length];
        chunk ??= new EngineTrade[ChunkSize];
        chunk[index % ChunkSize] = trade;
    }

    /// <summary>Leaves out ids for good.</summary>
    public void Skip(int count)
    {
        if (count == 0)
        {
            return;
        }

        if (_holes.Count == HolesKept)
        {
            _holes.RemoveAt(0);
        }

        _holes.Add((_nextId, _nextId + count - 1));
        _skipped += count;
        for (; count > 0; count--)
        {
            Add(default);
        }
    }

    /// <summary>Copies kept trades from <paramref name="fromId"/> on, oldest first; returns how many.</summary>
    public int CopyTo(long fromId, Span<EngineTrade> target)
    {
        var count = 0;
        for (var id = Math.Max(fromId, OldestId); id < _nextId && count < target.Length; id++)
        {
            var index = id - _startId;
            target[count] = _chunks[index / ChunkSize % _chunks.Length]![index % ChunkSize];

            // An id that was never given has no quantity.
            count += target[count].Quantity == 0 ? 0 : 1;
        }

        return count;
    }
}
