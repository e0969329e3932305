namespace Pipeline.TestKit.Time;

/// <summary>
/// A clock that stands still until it is advanced. Timers fire inside <see cref="Advance"/>, on its thread, each at its exact
/// instant: in order of due time, and of arming where that is equal. What a callback schedules within the step fires in it too.
/// <para>
/// Callbacks see no synchronization context, as they would not on a real timer's thread, so continuations of awaits run inline and
/// a test is over when <see cref="Advance"/> returns.
/// </para>
/// </summary>
public sealed class TestTimeProvider(DateTimeOffset start) : TimeProvider
{
    /// <summary>Ticks of the timestamp per tick of time. An unusual frequency finds code that takes timestamps for ticks or ns.</summary>
    private const int TimestampsPerTick = 4;

    private readonly Lock _gate = new();
    private readonly List<TestTimer> _timers = [];
    private long _elapsed;
    private long _armed;

    public TestTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Time advanced so far.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _elapsed));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * TimestampsPerTick;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers waiting to fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Runs after each timer that fired, before time moves on: the place to finish what it left for later.</summary>
    public Action? Fired { get; set; }

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed) * TimestampsPerTick;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on by <paramref name="step"/> and fires what falls due; zero fires what is due already.</summary>
    public void Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var end = Elapsed.Ticks + step.Ticks;
            while (TakeDue(end) is { } timer)
            {
                timer.Fire();
                Fired?.Invoke();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    internal bool Arm(TestTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (timer.IsDisposed)
            {
                return false;
            }

            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Enqueue(timer, _elapsed + dueTime.Ticks);
            }

            return true;
        }
    }

    internal void Remove(TestTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    /// <summary>The next that falls due; null when it is <paramref name="end"/> now.</summary>
    private TestTimer? TakeDue(long end)
    {
        lock (_gate)
        {
            var timer = _timers.MinBy(candidate => (candidate.Due, candidate.Order));
            if (timer is null || timer.Due > end)
            {
                // In one with the look: what another thread arms from here on counts from the end.
                Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, end));
                return null;
            }

            _timers.Remove(timer);
            Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, timer.Due));
            if (timer.Period > TimeSpan.Zero)
            {
                Enqueue(timer, timer.Due + timer.Period.Ticks);
            }

            return timer;
        }
    }

    private void Enqueue(TestTimer timer, long due)
    {
        timer.Due = due;
        timer.Order = ++_armed;
        _timers.Add(timer);
    }
}
