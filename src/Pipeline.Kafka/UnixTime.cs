namespace Pipeline.Kafka;

/// <summary>Times as records carry them.</summary>
internal static class UnixTime
{
    private const long TicksPerMicrosecond = 10;

    /// <summary>Microseconds since the Unix epoch, UTC.</summary>
    public static long Now(TimeProvider clock) => (clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;
}
