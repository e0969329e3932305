using System.Collections.Concurrent;

namespace Pipeline.Core.Feeds;

/// <summary>Reuses frame batches; keeps a bounded number.</summary>
internal sealed class FrameBatchPool(int capacity = 256)
{
    private readonly ConcurrentQueue<FrameBatch> _free = new();

    public FrameBatch Rent() => _free.TryDequeue(out var batch) ? batch : new FrameBatch(this);

    public void Return(FrameBatch batch)
    {
        if (_free.Count < capacity)
        {
            _free.Enqueue(batch);
        }
    }
}
