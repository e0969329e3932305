namespace Pipeline.Venues.Rest;

/// <summary>
/// Weight per fixed UTC minute, as Binance counts it. The venue sees what other programs of the same address use as well, hence its
/// count rules when it is higher.
/// <para>
/// Neither our clock nor the way to the venue is exact: a minute begins a second late here, so that nothing sent early in one is counted by
/// the venue in the one before; and what the venue counted for a request of a minute's first second may mean either.
/// </para>
/// </summary>
internal sealed class MinuteWindow(TimeProvider clock) : IWeightWindow
{
    /// <summary>By which the venue's minute may turn earlier or later than ours.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>Number of no minute.</summary>
    private const long Unsure = -1;

    private long _minute;
    private int _used;

    public int Used
    {
        get
        {
            Turn();
            return _used;
        }
    }

    /// <summary>Time since the epoch of ticks as the minutes are counted here.</summary>
    private TimeSpan Now => TimeSpan.FromTicks(clock.GetUtcNow().UtcTicks) - Margin;

    public TimeSpan WaitFor(int weight, int limit)
    {
        Turn();
        return _used + weight <= limit ? TimeSpan.Zero : TimeSpan.FromMinutes(_minute + 1) - Now;
    }

    public long Take(int weight)
    {
        Turn();
        _used += weight;
        return Now - TimeSpan.FromMinutes(_minute) < Margin ? Unsure : _minute;
    }

    public void Synchronise(long window, int used)
    {
        Turn();
        if (window == _minute)
        {
            _used = Math.Max(_used, used);
        }
    }

    private void Turn()
    {
        var minute = Now.Ticks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            _minute = minute;
            _used = 0;
        }
    }
}
