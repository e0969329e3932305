namespace Pipeline.Kafka;

/// <summary>A point on the monotonic clock.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan patience)
{
    private readonly long _started = clock.GetTimestamp();

    public bool IsOver => Left <= TimeSpan.Zero;

    public TimeSpan Left => patience - clock.GetElapsedTime(_started);

    /// <summary>What is left, but no more than <paramref name="most"/> and no less than nothing.</summary>
    public TimeSpan AtMost(TimeSpan most) => TimeSpan.FromTicks(Math.Clamp(Left.Ticks, 0, most.Ticks));
}
