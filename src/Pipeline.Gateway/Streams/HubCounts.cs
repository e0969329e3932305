namespace Pipeline.Gateway.Streams;

/// <summary>What the hub has counted since its start. Written by its threads; readable from any, each figure for itself.</summary>
internal sealed class HubCounts
{
    private long _records;
    private long _bytes;
    private long _malformed;
    private long _repeated;
    private long _published;
    private long _deliveries;
    private long _faults;
    private long _stale;
    private long _disconnects;

    /// <summary>Records taken in.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Bytes of their values.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Records whose key or value could not be understood.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Records that came a second time, after a break.</summary>
    public long Repeated => Volatile.Read(ref _repeated);

    /// <summary>Records left out because their writer had lost the partition.</summary>
    public long Stale => Volatile.Read(ref _stale);

    /// <summary>Messages made for clients.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Messages put into outboxes.</summary>
    public long Deliveries => Volatile.Read(ref _deliveries);

    /// <summary>Faults of commands and of reading.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>Times the broker went out of reach.</summary>
    public long Disconnects => Volatile.Read(ref _disconnects);

    internal void Took(int bytes)
    {
        Volatile.Write(ref _records, _records + 1);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    internal void WasMalformed() => Volatile.Write(ref _malformed, _malformed + 1);

    internal void WasRepeated() => Volatile.Write(ref _repeated, _repeated + 1);

    internal void WasPublished(int members)
    {
        Volatile.Write(ref _published, _published + 1);
        Volatile.Write(ref _deliveries, _deliveries + members);
    }

    internal void HadFault() => Interlocked.Increment(ref _faults);

    internal void WasStale() => Interlocked.Increment(ref _stale);

    internal void LostBroker() => Interlocked.Increment(ref _disconnects);
}
