namespace Pipeline.Venues.Rest;

/// <summary>So many requests in any span of time, as OKX and Bybit count them per endpoint. They tell no count of their own.</summary>
internal sealed class RollingWindow : IWeightWindow
{
    private readonly Queue<(TimeSpan Time, int Weight)> _taken = new();
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly TimeSpan _length;
    private int _used;

    public RollingWindow(TimeSpan length, TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();

        // A little longer than the venue's: requests that left apart may arrive closer together.
        _length = length * 1.05;
    }

    public int Used
    {
        get
        {
            Turn();
            return _used;
        }
    }

    public TimeSpan WaitFor(int weight, int limit)
    {
        var now = Turn();

        var left = _used;
        foreach (var (time, taken) in _taken)
        {
            if (left + weight <= limit)
            {
                break;
            }

            left -= taken;
            if (left + weight <= limit)
            {
                return time + _length - now;
            }
        }

        return TimeSpan.Zero;
    }

    public long Take(int weight)
    {
        _taken.Enqueue((_clock.GetElapsedTime(_start), weight));
        _used += weight;
        return 0;
    }

    public void Synchronise(long window, int used)
    {
    }

    /// <summary>Forgets what is older than the window; returns the time.</summary>
    private TimeSpan Turn()
    {
        var now = _clock.GetElapsedTime(_start);
        while (_taken.TryPeek(out var oldest) && now - oldest.Time >= _length)
        {
            _used -= _taken.Dequeue().Weight;
        }

        return now;
    }
}
