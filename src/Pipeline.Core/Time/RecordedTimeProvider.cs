namespace Pipeline.Core.Time;

/// <summary>
/// The clock of a recording that is replayed: stands at the recording's first arrival until <see cref="Start"/>, and runs from there
/// at the replay's speed. Timers run on it too, from the beginning.
/// </summary>
public sealed class RecordedTimeProvider : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly DateTimeOffset _origin;
    private readonly double _speed;
    private long _start = -1;

    /// <param name="origin">Arrival of the recording's first frame.</param>
    /// <param name="speed">Times as fast as recorded; above 0.</param>
    public RecordedTimeProvider(TimeProvider inner, DateTimeOffset origin, double speed)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        _inner = inner;
        _origin = origin;
        _speed = speed;
    }

    /// <summary>To be called with the first recorded frame; further calls change nothing.</summary>
    public void Start() => Interlocked.CompareExchange(ref _start, _inner.GetTimestamp(), -1);

    public override DateTimeOffset GetUtcNow()
    {
        var start = Interlocked.Read(ref _start);
        return start < 0 ? _origin : _origin + (_inner.GetElapsedTime(start, _inner.GetTimestamp()) * _speed);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(_inner.CreateTimer(callback, state, Unscale(dueTime), Unscale(period)), this);

    private TimeSpan Unscale(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan || span == TimeSpan.Zero)
        {
            return span;
        }

        // Timers count whole milliseconds: rounding up keeps one that is due from firing before its time.
        return TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / _speed));
    }

    private sealed class ScaledTimer(ITimer inner, RecordedTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Unscale(dueTime), clock.Unscale(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
