namespace Pipeline.Kafka.Verification;

/// <summary>The newest ids of an instrument whose ids tell copies apart and nothing else.</summary>
internal sealed class RecentIdSet(int capacity)
{
    private readonly HashSet<long> _known = [];
    private readonly Queue<long> _order = new();

    /// <summary>False when the id is known already.</summary>
    public bool Add(long id)
    {
        if (!_known.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > capacity)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }
}
