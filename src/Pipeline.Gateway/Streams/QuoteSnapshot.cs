namespace Pipeline.Gateway.Streams;

/// <summary>The newest quote, and the newest that is not minor.</summary>
internal sealed class QuoteSnapshot : StreamSnapshot
{
    private HeldRecord? _last;
    private HeldRecord? _lastMajor;

    public override HeldRecord? Newest => _last;

    public override void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key)
    {
        _last = record;
        if (!facts.IsMinor)
        {
            _lastMajor = record;
        }
    }

    public override void Clear() => _last = _lastMajor = null;

    public override void CopyTo(List<HeldRecord> target, bool withMinor, long after) => Copy(target, withMinor ? _last : _lastMajor, after);
}
