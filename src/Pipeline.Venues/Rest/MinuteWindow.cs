namespace Pipeline.Venues.Rest;

/// <summary>
/// Weight per fixed UTC minute, as Binance counts it. The venue sees what other programs of the same address use as well, hence its
/// count rules when it is higher.
/// </summary>
internal sealed class MinuteWindow(TimeProvider clock) : IWeightWindow
{
    private long _minute;
    private int _used;

    public TimeSpan WaitFor(int weight, int limit)
    {
        Turn();
        return _used + weight <= limit ? TimeSpan.Zero : TimeSpan.FromTicks(((_minute + 1) * TimeSpan.TicksPerMinute) - clock.GetUtcNow().UtcTicks);
    }

    public long Take(int weight)
    {
        Turn();
        _used += weight;
        return _minute;
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
        var minute = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            _minute = minute;
            _used = 0;
        }
    }
}
