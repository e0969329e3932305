namespace Pipeline.Core.Feeds.Pooling;

/// <summary>This machine's clock as a distance from one instant, for logic that compares times and needs no more.</summary>
internal sealed class LocalClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Provider => time;

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>A timer that is not armed.</summary>
    public ITimer CreateTimer(TimerCallback callback, object state) =>
        time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
