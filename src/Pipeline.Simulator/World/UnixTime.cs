namespace Pipeline.Simulator.World;

/// <summary>Microseconds since the Unix epoch, the only unit of time in the world.</summary>
internal static class UnixTime
{
    public const long Millisecond = 1_000;
    public const long Second = 1_000_000;

    public static long Microseconds(this TimeProvider time) =>
        (time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
