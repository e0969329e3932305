using Pipeline.Core.Market;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Steady time beside the market clock's, and how far that was set between two looks. The clock of a recording runs at its own speed and
/// is never set: there it is both.
/// </summary>
internal sealed class HealthClock
{
    /// <summary>Less is a clock being disciplined.</summary>
    private const long Step = 1_000_000;

    private readonly TimeProvider _marketClock;
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _steadyBefore;
    private long _marketBefore;

    public HealthClock(TimeProvider marketClock, TimeProvider time)
    {
        _marketClock = marketClock;
        _time = marketClock is RecordedTimeProvider ? marketClock : time;
        _start = time.GetTimestamp();
        (_steadyBefore, _marketBefore) = (Now, Market);
    }

    /// <summary>Where deadlines run.</summary>
    public TimeProvider Timers => _time;

    /// <summary>Steady microseconds.</summary>
    public long Now => _marketClock is RecordedTimeProvider ? Market : MarketTime.From(_time.GetElapsedTime(_start));

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long Market => MarketTime.Now(_marketClock);

    /// <summary>True when the market clock was set since the last call.</summary>
    public bool WasSet()
    {
        var (steady, market) = (Now, Market);
        var step = market - _marketBefore - (steady - _steadyBefore);
        (_steadyBefore, _marketBefore) = (steady, market);
        return Math.Abs(step) > Step;
    }
}
