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
    private readonly List<EngineTrade> _withheld = [];
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

    /// <summary>Trades ever made and shown.</summary>
    public long Count => _nextId - _startId - _skipped;

    /// <summary>Ids that were never given, first and last; the newest thousand such holes.</summary>
    public IReadOnlyList<(long From, long To)> Holes => [.. _holes];

    /// <summary>Trades that were made and never shown; the newest thousand.</summary>
    public IReadOnlyList<EngineTrade> Withheld => [.. _withheld];

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

    /// <summary>A kept trade.</summary>
    public ref readonly EngineTrade this[long id]
    {
        get
        {
            var index = id - _startId;
            return ref _chunks[index / ChunkSize % _chunks.Length]![index % ChunkSize];
        }
    }

    public void Add(in EngineTrade trade)
    {
        var index = _nextId++ - _startId;
        ref var chunk = ref _chunks[index / ChunkSize % _chunks.Length];
        chunk ??= new EngineTrade[ChunkSize];
        chunk[index % ChunkSize] = trade;
    }

    /// <summary>Adds a trade that nobody is shown.</summary>
    public void AddWithheld(in EngineTrade trade)
    {
        if (_withheld.Count == HolesKept)
        {
            _withheld.RemoveAt(0);
        }

        _withheld.Add(trade);
        _skipped++;
        Add(trade);
    }

    /// <summary>Leaves out ids for good. What stands in their place keeps searches by time and aggregate in order.</summary>
    public void Skip(int count, long aggregateId, long time)
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
            Add(new EngineTrade(_nextId, aggregateId, 0, 0, time, takerBuys: false, TradeKind.Skipped));
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
            count += target[count].IsMade ? 1 : 0;
        }

        return count;
    }

    /// <summary>Id of the first kept trade at or after <paramref name="time"/>; <see cref="NextId"/> when there is none.</summary>
    public long FindTime(long time)
    {
        var (low, high) = (OldestId, _nextId);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = this[middle].Time < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Id of the first kept trade of this aggregate or a later one; <see cref="NextId"/> when there is none.</summary>
    public long FindAggregate(long aggregateId)
    {
        var (low, high) = (OldestId, _nextId);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = this[middle].AggregateId < aggregateId ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
