namespace Pipeline.Gateway.Streams;

/// <summary>What of a stream a new subscriber gets first: how things stand after the newest record. Only for the hub's thread.</summary>
internal abstract class StreamSnapshot
{
    public static StreamSnapshot For(DataKind kind) => kind switch
    {
        DataKind.Quote => new QuoteSnapshot(),
        DataKind.Book => new BookSnapshot(),
        DataKind.Candle => new CandleSnapshot(),
        DataKind.Gap or DataKind.Health => new KeyedSnapshot(),
        _ => new LastSnapshot(),
    };

    /// <summary>The newest record of those that are kept; null when there is none.</summary>
    public abstract HeldRecord? Newest { get; }

    /// <summary>Takes the next record in.</summary>
    /// <param name="key">The record's key, which tells a gap or a health apart from others of its stream.</param>
    public abstract void Take(in HeldRecord record, in RecordFacts facts, ReadOnlySpan<byte> key);

    public abstract void Clear();

    /// <summary>The records after an offset that tell how things stand, by rising offset.</summary>
    /// <param name="withMinor">Whether the subscriber takes minor records.</param>
    public abstract void CopyTo(List<HeldRecord> target, bool withMinor, long after = -1);

    protected static void Copy(List<HeldRecord> target, HeldRecord? record, long after)
    {
        if (record is { } one && one.Offset > after)
        {
            target.Add(one);
        }
    }
}
