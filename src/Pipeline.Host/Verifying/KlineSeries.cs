namespace Pipeline.Host.Verifying;

/// <summary>How far the venue was asked for the candles of one instrument and interval. Times are opening times, microseconds.</summary>
internal sealed class KlineSeries
{
    public int Partition { get; init; }

    /// <summary>False where the venue has none of them.</summary>
    public bool IsAsked { get; set; } = true;

    /// <summary>Ours since it was asked last.</summary>
    public int Waiting { get; set; }

    public long AskedTo { get; set; } = long.MinValue;

    /// <summary>Of the first closed candle that the venue told.</summary>
    public long ToldFrom { get; private set; } = long.MaxValue;

    /// <summary>Of the last one.</summary>
    public long ToldTo { get; private set; } = long.MinValue;

    public void Note((long From, long To)? told)
    {
        if (told is { } some)
        {
            (ToldFrom, ToldTo) = (Math.Min(ToldFrom, some.From), Math.Max(ToldTo, some.To));
        }
    }
}
