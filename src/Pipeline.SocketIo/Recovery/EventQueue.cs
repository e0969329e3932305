namespace Pipeline.SocketIo.Recovery;

/// <summary>The newest events of a namespace, or of one client, in order: bounded by number, bytes and age. Not for several threads.</summary>
internal sealed class EventQueue(int maxEvents, long maxBytes, TimeSpan maxAge)
{
    private readonly Queue<KeptEvent> _events = new();
    private readonly long _maxAge = (long)maxAge.TotalMilliseconds;

    public int Count => _events.Count;

    /// <summary>Bytes that they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of the newest event that was let go; 0 = none was.</summary>
    public long Gone { get; private set; }

    public void Add(in KeptEvent kept)
    {
        _events.Enqueue(kept);
        Bytes += kept.Cost;
        Trim(kept.At);
    }

    /// <summary>Lets go what is too old or too much.</summary>
    public void Trim(long now)
    {
        while (_events.TryPeek(out var oldest) && (now - oldest.At > _maxAge || _events.Count > maxEvents || Bytes > maxBytes))
        {
            Bytes -= oldest.Cost;
            Gone = oldest.Number;
            _events.Dequeue();
        }
    }

    /// <summary>Whether every event from this number on is here that ever was.</summary>
    public bool HasAllFrom(long number) => number > Gone;

    public IEnumerable<KeptEvent> From(long number) => _events.SkipWhile(kept => kept.Number < number);
}
