namespace Pipeline.Core.Time;

/// <summary>The unit of the data path: whole microseconds since the Unix epoch, UTC.</summary>
public static class TimeProviderExtensions
{
    public static long GetMicroseconds(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }
}
