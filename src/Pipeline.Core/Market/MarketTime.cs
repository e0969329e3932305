namespace Pipeline.Core.Market;

/// <summary>Times on the data path: microseconds since the Unix epoch, UTC.</summary>
public static class MarketTime
{
    public static long Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return From(clock.GetUtcNow());
    }

    public static long From(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static long From(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
