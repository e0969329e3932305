namespace Pipeline.Simulator;

/// <summary>Frames per second between two looks at a counter, at least half a second apart.</summary>
internal sealed class RateMeter(TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private long _lastLook = clock.GetTimestamp();
    private long _lastCount;
    private double _rate;

    public double Look(long count)
    {
        lock (_gate)
        {
            var elapsed = clock.GetElapsedTime(_lastLook);
            if (elapsed >= Shortest)
            {
                _rate = (count - _lastCount) / elapsed.TotalSeconds;
                (_lastLook, _lastCount) = (clock.GetTimestamp(), count);
            }

            return _rate;
        }
    }
}
