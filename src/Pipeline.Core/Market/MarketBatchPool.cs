using System.Collections.Concurrent;

namespace Pipeline.Core.Market;

/// <summary>Reuses batches so that steady state allocates none. Keeps a bounded number; the rest is left to the collector.</summary>
public sealed class MarketBatchPool(int capacity = 256)
{
    private readonly ConcurrentQueue<MarketBatch> _free = new();

    public MarketBatch Rent() => _free.TryDequeue(out var batch) ? batch : new MarketBatch(this);

    internal void Return(MarketBatch batch)
    {
        if (_free.Count < capacity)
        {
            _free.Enqueue(batch);
        }
    }
}
