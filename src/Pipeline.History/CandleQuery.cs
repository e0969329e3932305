namespace Pipeline.History;

/// <summary>Which candles of a series are wanted.</summary>
public readonly record struct CandleQuery(SeriesKey Series)
{
    /// <summary>Most candles one query may answer with.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Earliest open time, microseconds since the Unix epoch, UTC.</summary>
    public long From { get; init; } = 0;

    /// <summary>Open time from which on none is taken.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>From 0 to <see cref="MaxLimit"/>; with 0 only the figures of the series are read.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>True: the newest of the range, newest first. False: the oldest, oldest first.</summary>
    public bool NewestFirst { get; init; }
}
