using System.Collections.Concurrent;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// When the streams of a monitor are looked at: deadlines in one queue under one timer, and the streams whose awaited data has come.
/// The monitor's lock guards all but <see cref="Wake"/>.
/// </summary>
internal sealed class LookTimer : IDisposable
{
    /// <summary>Looks that fall due within this time are made together, microseconds.</summary>
    public const long Grain = 1_000_000;

    private readonly HealthClock _clock;
    private readonly ITimer _timer;
    private readonly PriorityQueue<MonitoredStream, long> _due = new();
    private readonly ConcurrentQueue<MonitoredStream> _woken = new();
    private int _isWakePending;

    /// <param name="fire">Called on the timer's thread.</param>
    public LookTimer(HealthClock clock, Action fire)
    {
        _clock = clock;
        _timer = clock.Timers.CreateTimer(static act => ((Action)act!)(), fire, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks that are planned, and those that are not wanted any more but not yet past.</summary>
    public int Planned => _due.Count;

    /// <summary>From station 3, whose time is precious: everything else happens on the timer's thread.</summary>
    public void Wake(MonitoredStream watched)
    {
        _woken.Enqueue(watched);
        if (Interlocked.Exchange(ref _isWakePending, 1) == 0)
        {
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Who is woken from here on is not among those that are taken now.</summary>
    public void Begin() => Interlocked.Exchange(ref _isWakePending, 0);

    /// <summary>Takes one whose data has come, else one that is due; null when there is none.</summary>
    public MonitoredStream? Take(long now)
    {
        if (_woken.TryDequeue(out var woken))
        {
            return woken;
        }

        while (_due.TryPeek(out var next, out var due) && due <= now)
        {
            _due.Dequeue();
            if (next.PlannedAt == due)
            {
                next.PlannedAt = long.MaxValue;
                return next;
            }
        }

        return null;
    }

    /// <summary>Plans the next look at a stream by its deadline.</summary>
    public void Plan(MonitoredStream watched)
    {
        var deadline = watched.Freshness.Deadline;
        if (deadline == long.MaxValue)
        {
            watched.PlannedAt = long.MaxValue;
            return;
        }

        // Rounded up: what falls due within a grain is looked at together.
        var at = (deadline + Grain - 1) / Grain * Grain;
        if (at != watched.PlannedAt)
        {
            watched.PlannedAt = at;
            _due.Enqueue(watched, at);
        }
    }

    /// <summary>Fires at the earliest deadline, or before it at the latest.</summary>
    public void Arm(long latest)
    {
        var next = _due.TryPeek(out _, out var due) ? Math.Min(due, latest) : latest;
        var wait = Math.Max(0, next - _clock.Now);
        _timer.Change(TimeSpan.FromMilliseconds((wait + 999) / 1000), Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref _isWakePending) != 0)
        {
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
