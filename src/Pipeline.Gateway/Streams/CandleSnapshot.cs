namespace Pipeline.Gateway.Streams;

/// <summary>
/// The candle that is forming, the newest that is closed, and the newest record of a closed one, from which on <c>prev</c> can be checked; the
/// last two differ after the revision of an older candle.
/// </summary>
internal sealed class CandleSnapshot : StreamSnapshot
{
    private HeldRecord? _last;
    private HeldRecord? _closed;
    private long _closedTime = long.MinValue;
    private HeldRecord? _forming;
    private long _formingTime = long.MinValue;

    public override HeldRecord? Newest => _forming is { } forming && !(_last?.Offset > forming.Offset) ? forming : _last;

    public override void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key)
    {
        if (!facts.IsRequired)
        {
            (_forming, _formingTime) = (record, facts.OpenTime);
            return;
        }

        _last = record;
        if (facts.OpenTime >= _closedTime)
        {
            (_closed, _closedTime) = (record, facts.OpenTime);
        }

        if (_formingTime <= _closedTime)
        {
            (_forming, _formingTime) = (null, long.MinValue);
        }
    }

    public override void Clear()
    {
        _last = _closed = _forming = null;
        _closedTime = _formingTime = long.MinValue;
    }

    public override void CopyTo(List<HeldRecord> target, bool withMinor, long after)
    {
        var first = target.Count;
        Copy(target, _closed, after);
        Copy(target, _forming, after);
        if (_last?.Offset != _closed?.Offset)
        {
            Copy(target, _last, after);
        }

        target.Sort(first, target.Count - first, Comparer<HeldRecord>.Create(static (a, b) => a.Offset.CompareTo(b.Offset)));
    }
}
