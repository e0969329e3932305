using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>
/// Brings time into a lane: one timer, armed for the lane's earliest deadline, that posts a tick when it is due. Never at a fixed rate.
/// </summary>
internal sealed class LaneClock : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Action<long> _tick;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public LaneClock(TimeProvider clock, Action<long> tick)
    {
        _clock = clock;
        _tick = tick;
        _timer = clock.CreateTimer(static state => ((LaneClock)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes the next tick come at <paramref name="deadline"/> (market-clock microseconds); the maximum disarms.</summary>
    public void Arm(long deadline)
    {
        if (Interlocked.Exchange(ref _armedFor, deadline) == deadline)
        {
            return;
        }

        if (deadline == long.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // A millisecond late at most: the timer counts whole milliseconds, and one that fires early would find nothing due.
        var wait = Math.Max(0, deadline - MarketTime.Now(_clock));
        _timer.Change(TimeSpan.FromMilliseconds((wait + 999) / 1000), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        Interlocked.Exchange(ref _armedFor, long.MaxValue);
        _tick(MarketTime.Now(_clock));
    }
}
