namespace Pipeline.Gateway.Candles;

/// <summary>
/// Sessions whose connection broke, which keep their rooms for a while: no more of them than so many, and than so much memory. Beyond it those
/// go that were suspended first. For any thread.
/// </summary>
internal sealed class SuspendedSessions(int maxSessions = SuspendedSessions.MaxSessions, long maxBytes = 16 * 1024 * 1024)
{
    /// <summary>Clients that are waited for where nothing else is said.</summary>
    public const int MaxSessions = 2000;

    // About what a session costs, and each of its rooms with the room itself, which may be there for it alone.
    private const int SessionBytes = 1024;
    private const int RoomBytes = 1536;

    private readonly Lock _gate = new();
    private readonly LinkedList<(KlineSession Session, long Bytes)> _byAge = [];
    private readonly Dictionary<KlineSession, LinkedListNode<(KlineSession Session, long Bytes)>> _nodes = [];
    private long _evicted;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>Bytes that they take, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sessions that had to go before their time.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <param name="rooms">That it is in.</param>
    public void Add(KlineSession session, int rooms)
    {
        List<KlineSession>? evicted = null;
        lock (_gate)
        {
            Take(session);
            var bytes = SessionBytes + ((long)rooms * RoomBytes);
            _nodes[session] = _byAge.AddLast((session, bytes));
            Bytes += bytes;
            while (_nodes.Count > maxSessions || Bytes > maxBytes)
            {
                var oldest = _byAge.First!.Value.Session;
                Take(oldest);
                _evicted++;
                (evicted ??= []).Add(oldest);
            }
        }

        evicted?.ForEach(one => one.Expire());
    }

    public void Remove(KlineSession session)
    {
        lock (_gate)
        {
            Take(session);
        }
    }

    private void Take(KlineSession session)
    {
        if (_nodes.Remove(session, out var node))
        {
            Bytes -= node.Value.Bytes;
            _byAge.Remove(node);
        }
    }
}
