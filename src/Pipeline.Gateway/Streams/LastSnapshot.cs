namespace Pipeline.Gateway.Streams;

/// <summary>The newest record: trades, tickers.</summary>
internal sealed class LastSnapshot : StreamSnapshot
{
    private HeldRecord? _last;

    public override HeldRecord? Newest => _last;

    public override void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key) => _last = record;

    public override void Clear() => _last = null;

    public override void CopyTo(List<HeldRecord> target, bool withMinor, long after) => Copy(target, _last, after);
}
