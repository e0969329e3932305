namespace Pipeline.Core.Sequencing;

/// <summary>The newest ids of a channel whose ids tell copies apart and nothing else. Beyond the bound the oldest is forgotten.</summary>
internal sealed class RecentIds(int capacity = RecentIds.DefaultCapacity)
{
    public const int DefaultCapacity = 4096;

    private readonly HashSet<long> _known = [];
    private readonly Queue<long> _byAge = new();

    public int Count => _byAge.Count;

    /// <summary>False when the id is among those remembered.</summary>
    public bool TryAdd(long id)
    {
        if (!_known.Add(id))
        {
            return false;
        }

        if (_byAge.Count == capacity)
        {
            _known.Remove(_byAge.Dequeue());
        }

        _byAge.Enqueue(id);
        return true;
    }
}
