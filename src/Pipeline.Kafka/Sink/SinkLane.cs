using Pipeline.Core.Market;

namespace Pipeline.Kafka.Sink;

/// <summary>What the sink remembers of a lane between batches. The lane is alone with it, but for what waits.</summary>
internal sealed class SinkLane(int number, DeliveryLedger ledger, Action<SinkLane> release) : IThreadPoolWorkItem
{
    private readonly List<(PartitionLedger Gaps, long Taken)> _announced = [];

    // Partitions whose candles or holes were written since their last marker.
    private readonly bool[] _touched = new bool[ledger.Shards.Length];

    // Of these nothing is written but what waits; states of theirs do not come any more.
    private readonly bool[] _ended = new bool[ledger.Shards.Length];
    private int _isScheduled;

    public int Number { get; } = number;

    public AwaitingAcks Awaiting { get; } = new();

    /// <summary>Why the last batch was not taken whole.</summary>
    public SinkWait Waiting { get; private set; }

    /// <summary>True when every hole that was announced is acknowledged: trades may follow.</summary>
    public bool MayTradesPass
    {
        get
        {
            if (_announced.Count > 0)
            {
                _announced.RemoveAll(one => one.Gaps.IsAcknowledged(one.Taken));
            }

            return _announced.Count == 0;
        }
    }

    public Shard ShardOf(int partition) => ledger.Shards[partition];

    /// <summary>No trade goes on before everything in this partition's holes is acknowledged.</summary>
    public void Announced(Shard shard) => _announced.Add((shard.Gaps, shard.Gaps.Taken));

    public void Touch(Shard shard) => _touched[shard.Number] = true;

    /// <summary>
    /// From the next checkpoint on it gets no marker, or gets them again: without its states a marker would say that they are older
    /// than they are. While the lane writes nothing.
    /// </summary>
    public void SetEnded(Shard shard, bool isEnded)
    {
        _ended[shard.Number] = isEnded;
        _touched[shard.Number] = false;
    }

    /// <summary>Tells what the batch waits for, and that it was not taken.</summary>
    public bool WaitFor(SinkWait wait)
    {
        Waiting = wait;
        return false;
    }

    /// <summary>The states of a batch, and of a checkpoint the partitions that a marker is due for; false when there is no room.</summary>
    public bool TryCheckpoint(MarketBatch batch, Func<Instrument, int> partitionOf)
    {
        var states = new List<(InstrumentState, Shard)>(batch.States.Count);
        foreach (var state in batch.States.Span)
        {
            states.Add((state, ShardOf(partitionOf(state.Instrument))));
        }

        IEnumerable<Shard> touched = batch.IsCheckpoint ? ledger.Shards.Where(shard => _touched[shard.Number] && !_ended[shard.Number]) : [];
        var checkpoint = new Checkpoint(states, touched, batch.IsCheckpoint);
        if (checkpoint.Records > 0 && !Awaiting.TryAdd(checkpoint))
        {
            return WaitFor(SinkWait.AwaitingAcks);
        }

        if (batch.IsCheckpoint)
        {
            Array.Clear(_touched);
        }

        return true;
    }

    /// <summary>Something was settled: what waited for it goes, on a thread of the pool. Never blocks.</summary>
    public void OnProgress()
    {
        if (Awaiting.IsWaiting && Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before it looks: what is settled from now on schedules it again.
        Interlocked.Exchange(ref _isScheduled, 0);
        release(this);
    }

    /// <summary>Begins anew with another producer; returns how many records waited.</summary>
    public int Clear()
    {
        _announced.Clear();
        Array.Clear(_touched);
        return Awaiting.Clear();
    }
}
