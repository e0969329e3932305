namespace Pipeline.Host.Collecting.Sharing;

/// <summary>
/// At most one thing of each partition. Its maker takes a while, and may come when it is not wanted any more: then the thing is ended at
/// once. Safe from any thread.
/// </summary>
internal sealed class PartitionSlots<T>(int partitions)
    where T : class, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly (int Turn, T? Thing)[] _slots = new (int, T?)[partitions];

    /// <summary>What there is of a partition; null = nothing.</summary>
    public T? this[int partition]
    {
        get
        {
            lock (_gate)
            {
                return _slots[partition].Thing;
            }
        }
    }

    /// <summary>Asked for before a thing is made, and brought along with it.</summary>
    public int TurnOf(int partition)
    {
        lock (_gate)
        {
            return _slots[partition].Turn;
        }
    }

    /// <summary>Keeps a thing in the place of the one before. False when its turn is over: then it has been ended.</summary>
    public async Task<bool> KeepAsync(int partition, int turn, T thing)
    {
        T? over;
        lock (_gate)
        {
            var isWanted = _slots[partition].Turn == turn;
            over = isWanted ? _slots[partition].Thing : thing;
            if (isWanted)
            {
                _slots[partition].Thing = thing;
            }
        }

        await (over?.DisposeAsync() ?? default);
        return over != thing;
    }

    /// <summary>Ends what there is of a partition, and what is being made of it.</summary>
    public async Task EndAsync(int partition)
    {
        T? over;
        lock (_gate)
        {
            over = _slots[partition].Thing;
            _slots[partition] = (_slots[partition].Turn + 1, null);
        }

        await (over?.DisposeAsync() ?? default);
    }
}
