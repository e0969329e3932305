namespace Pipeline.Gateway.Streams;

/// <summary>The newest whole book and the updates since. Nothing is computed: who subscribes applies them as if it had been there.</summary>
internal sealed class BookSnapshot : StreamSnapshot
{
    // A whole book comes at least every ten seconds; what grows beyond this has none in sight.
    private const int MaxRecords = 4096;
    private const long MaxBytes = 2 * 1024 * 1024;

    private readonly List<HeldRecord> _records = [];
    private long _bytes;

    public override HeldRecord? Newest => _records.Count == 0 ? null : _records[^1];

    public override void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key)
    {
        if (!facts.IsUpdate)
        {
            Clear();
        }
        else if (_records.Count == 0)
        {
            return;
        }
        else if (_records.Count >= MaxRecords || _bytes + record.Value.Length > MaxBytes)
        {
            Clear();
            return;
        }

        _records.Add(record);
        _bytes += record.Value.Length;
    }

    public override void Clear()
    {
        _records.Clear();
        _bytes = 0;
    }

    public override void CopyTo(List<HeldRecord> target, bool withMinor, long after)
    {
        foreach (var record in _records)
        {
            Copy(target, record, after);
        }
    }
}
