using Pipeline.Core.Market;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// Records of one lane that go only when the trades they count are acknowledged: the ends of holes, final and revised candles, states.
/// First in, first out: candles keep their order, the forming ones too. Bounded; full is back pressure. Safe from any thread: the lane
/// adds, and whoever sees deliveries lets go.
/// </summary>
/// <param name="capacity">Records that may wait.</param>
internal sealed class AwaitingAcks(int capacity = AwaitingAcks.DefaultCapacity)
{
    /// <summary>About 4 MiB: a boundary at which a thousand instruments close half of their intervals at once.</summary>
    public const int DefaultCapacity = 8192;

    // A hole of many ranges takes the room of several records.
    private const int RangesPerRecord = 32;

    // A long release is cut up, so that the lane gets in between.
    private const int AtOnce = 256;

    // One that is written and one that waits for its turn; states are large.
    private const int MaxCheckpoints = 2;

    private readonly Lock _gate = new();
    private AwaitingRecord[] _ring = new AwaitingRecord[16];
    private Checkpoint? _running;
    private int _head;
    private int _count;
    private int _weight;
    private int _candles;
    private int _gaps;
    private int _checkpoints;
    private long _added;
    private volatile bool _any;

    /// <summary>True while something waits. What is settled after this was read false is seen by who adds.</summary>
    public bool IsWaiting => _any;

    public int Capacity => capacity;

    /// <summary>Records that wait.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
            {
                return _weight + (_running?.Records ?? 0);
            }
        }
    }

    /// <summary>True while the end of a hole waits.</summary>
    public bool HasGaps
    {
        get
        {
            lock (_gate)
            {
                return _gaps > 0;
            }
        }
    }

    /// <summary>To be given to <see cref="IsThrough"/>: everything added so far.</summary>
    public long Mark
    {
        get
        {
            lock (_gate)
            {
                return _added;
            }
        }
    }

    /// <summary>True when everything that was added before the mark has gone.</summary>
    public bool IsThrough(long mark)
    {
        lock (_gate)
        {
            return (_running?.Sequence ?? long.MaxValue) > mark && _added - _count >= mark;
        }
    }

    /// <summary>Hands a candle over, or lets it wait; false when there is no room for either.</summary>
    public bool TryPass(in Candle candle, Shard shard, string? connection, IRecordOutlet outlet)
    {
        lock (_gate)
        {
            var isForming = candle.State == CandleState.Forming;
            var (trades, prices) = isForming ? (0, 0) : (shard.Trades.Taken, shard.Prices.Taken);
            if (_candles == 0 && (isForming || (_count == 0 && shard.Trades.IsAcknowledged(trades) && shard.Prices.IsAcknowledged(prices))))
            {
                return outlet.Write(candle, connection) != HandOver.NoRoom;
            }

            var record = new AwaitingRecord
            {
                Shard = shard,
                Connection = connection,
                Candle = candle,
                Trades = trades,
                Prices = prices,
                Weight = 1,
            };
            return TryAdd(record, ref _candles);
        }
    }

    /// <summary>Lets the end of a hole wait; false when there is no room.</summary>
    public bool TryAdd(in Gap gap, Shard shard, string? connection)
    {
        var record = new AwaitingRecord
        {
            Shard = shard,
            Connection = connection,
            IsGap = true,

            // What the batch's lists hold is not ours to keep.
            Gap = gap with { Missing = [.. gap.Missing] },
            Trades = shard.Trades.Taken,
            Prices = shard.Prices.Taken,
            Weight = 1 + (gap.Missing.Count / RangesPerRecord),
        };
        lock (_gate)
        {
            return TryAdd(record, ref _gaps);
        }
    }

    /// <summary>Lets states wait; false when there is no room.</summary>
    public bool TryAdd(Checkpoint checkpoint)
    {
        lock (_gate)
        {
            if (_checkpoints >= MaxCheckpoints)
            {
                return false;
            }

            checkpoint.Sequence = _added + 1;
            return TryAdd(new AwaitingRecord { Checkpoint = checkpoint, Weight = 1 }, ref _checkpoints);
        }
    }

    /// <summary>Hands over what may go; true when anything did.</summary>
    public bool Release(IRecordOutlet outlet)
    {
        var released = 0;
        int count;
        do
        {
            lock (_gate)
            {
                count = ReleaseSome(outlet);
            }

            released += count;
        }
        while (count == AtOnce);
        return released > 0;
    }

    /// <summary>Lets go of everything; returns how many records that were.</summary>
    public int Clear()
    {
        lock (_gate)
        {
            var lost = _weight + (_running?.Records ?? 0);
            _running = null;
            Array.Clear(_ring);
            _head = _count = _weight = _candles = _gaps = _checkpoints = 0;
            _any = false;
            return lost;
        }
    }

    private int ReleaseSome(IRecordOutlet outlet)
    {
        // Said before the counts are looked at: what is settled later is told to somebody who sees it.
        _any = true;
        Interlocked.MemoryBarrier();
        var released = AdvanceRunning(outlet) ? 1 : 0;
        while (_count > 0 && released < AtOnce && TryRelease(ref _ring[_head], outlet))
        {
            released++;
            RemoveHead();
        }

        _any = _count > 0 || _running is not null;
        return released;
    }

    private bool AdvanceRunning(IRecordOutlet outlet)
    {
        if (_running is null || !_running.Advance(outlet))
        {
            return false;
        }

        _running = null;
        _checkpoints--;
        return true;
    }

    private bool TryRelease(ref AwaitingRecord head, IRecordOutlet outlet)
    {
        if (head.Checkpoint is { } checkpoint)
        {
            if (_running is not null)
            {
                return false;
            }

            // It goes on by itself: what is behind it need not wait for the states.
            checkpoint.Begin();
            _running = checkpoint;
            AdvanceRunning(outlet);
            return true;
        }

        if (!head.IsDue)
        {
            return false;
        }

        var outcome = head.IsGap
            ? outlet.Write(head.Gap, head.Shard!.Trades.OffsetAfter(head.Trades), head.Connection)
            : outlet.Write(head.Candle, head.Connection);
        return outcome != HandOver.NoRoom;
    }

    private bool TryAdd(in AwaitingRecord record, ref int ofItsKind)
    {
        if (_weight >= capacity)
        {
            return false;
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + _count) & (_ring.Length - 1)] = record;
        _count++;
        _weight += record.Weight;
        ofItsKind++;
        _added++;
        _any = true;
        return true;
    }

    private void RemoveHead()
    {
        ref var head = ref _ring[_head];
        _weight -= head.Weight;
        _gaps -= head.IsGap ? 1 : 0;
        _candles -= head.IsGap || head.Checkpoint is not null ? 0 : 1;
        head = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        // The length stays a power of two.
        var ring = new AwaitingRecord[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = ring;
        _head = 0;
    }
}
