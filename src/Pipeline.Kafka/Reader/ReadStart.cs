namespace Pipeline.Kafka.Reader;

/// <summary>Where reading begins in each partition. Never by time: the embedded broker cannot answer that.</summary>
public readonly record struct ReadStart
{
    private readonly long _last;

    private ReadStart(long last) => _last = last;

    /// <summary>The oldest record that is still there.</summary>
    public static ReadStart Beginning { get; } = new(long.MaxValue);

    /// <summary>Only what comes from now on.</summary>
    public static ReadStart End { get; } = new(0);

    /// <summary>The newest <paramref name="records"/> of each partition.</summary>
    public static ReadStart Last(long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        return new ReadStart(records);
    }

    /// <summary>The offset to begin at, given the first and the next offset of the partition.</summary>
    internal long OffsetIn(long low, long high) => Math.Max(low, _last >= high ? low : high - _last);
}
