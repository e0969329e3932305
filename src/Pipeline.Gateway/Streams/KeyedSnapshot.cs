namespace Pipeline.Gateway.Streams;

/// <summary>The newest record of each key: the health of each kind of data, the open holes. Of closed holes only the newest is kept.</summary>
internal sealed class KeyedSnapshot : StreamSnapshot
{
    // An instrument with more holes than this is told by the board of holes.
    private const int MaxKeys = 1000;

    private readonly Dictionary<byte[], HeldRecord> _open = new(Utf8Comparer.Instance);
    private HeldRecord? _last;

    public override HeldRecord? Newest => _last;

    public override void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key)
    {
        _last = record;
        var open = _open.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (facts.IsClosedGap)
        {
            open.Remove(key);
        }
        else if (_open.Count < MaxKeys || open.ContainsKey(key))
        {
            open[key] = record;
        }
    }

    public override void Clear()
    {
        _open.Clear();
        _last = null;
    }

    public override void CopyTo(List<HeldRecord> target, bool withMinor, long after)
    {
        var first = target.Count;
        foreach (var record in _open.Values)
        {
            Copy(target, record, after);
        }

        if (_last is { } last && last.Offset > after && !target.Exists(one => one.Offset == last.Offset))
        {
            target.Add(last);
        }

        target.Sort(first, target.Count - first, Comparer<HeldRecord>.Create(static (a, b) => a.Offset.CompareTo(b.Offset)));
    }
}
