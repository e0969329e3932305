namespace Pipeline.Core.Time;

/// <summary>
/// A clock that runs faster or slower than the one inside: its times, its timestamps and its timers alike. A day of 20× passes in 72
/// minutes. Its time of day depends on the real one only, so that it is the same in every process with the same scale and origin.
/// </summary>
public sealed class ScaledTimeProvider : TimeProvider
{
    // What timers take at most.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TimeProvider _inner;
    private readonly ClockScale _scale;
    private readonly long _start;

    public ScaledTimeProvider(TimeProvider inner, ClockScale scale)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(scale);
        _inner = inner;
        _scale = scale;
        _start = inner.GetTimestamp();
    }

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _scale.Origin + ((_inner.GetUtcNow() - _scale.Origin) * _scale.Scale);

    // Counted from the begin of this clock, where the product is still exact enough for microseconds.
    public override long GetTimestamp() => (long)((_inner.GetTimestamp() - _start) * _scale.Scale);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(_inner.CreateTimer(callback, state, Unscale(dueTime), Unscale(period)), this);

    private TimeSpan Unscale(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan || span == TimeSpan.Zero)
        {
            return span;
        }

        // Timers count whole milliseconds: rounding up keeps one that is due from firing before its time.
        var real = TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / _scale.Scale));
        return real < LongestTimer ? real : LongestTimer;
    }

    private sealed class ScaledTimer(ITimer inner, ScaledTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Unscale(dueTime), clock.Unscale(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
