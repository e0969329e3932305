using System.Collections.Concurrent;

namespace Pipeline.Core.Feeds;

/// <summary>Reuses venue batches; keeps a bounded number.</summary>
public sealed class VenueBatchPool(int capacity = 64)
{
    private readonly ConcurrentQueue<VenueBatch> _free = new();

    public VenueBatch Rent() => _free.TryDequeue(out var batch) ? batch : new VenueBatch(this);

    internal void Return(VenueBatch batch)
    {
        if (_free.Count < capacity)
        {
            _free.Enqueue(batch);
        }
    }
}
