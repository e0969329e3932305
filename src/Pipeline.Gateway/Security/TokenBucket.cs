namespace Pipeline.Gateway.Security;

/// <summary>So many a second, and ten times as many at once. Not for several threads.</summary>
internal struct TokenBucket
{
    private const int Burst = 10;

    private double _tokens;
    private long _at;
    private bool _isUsed;

    /// <summary>Whether one more may pass.</summary>
    /// <param name="perSecond">At least 1.</param>
    /// <param name="now">As <see cref="TimeProvider.GetTimestamp"/>.</param>
    public bool TryTake(int perSecond, long now, TimeProvider time)
    {
        Fill(perSecond, now, time);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens -= 1;
        return true;
    }

    /// <summary>Whether nothing of it is used.</summary>
    public bool IsFull(int perSecond, long now, TimeProvider time)
    {
        Fill(perSecond, now, time);
        return _tokens >= perSecond * Burst;
    }

    /// <summary>How long until one may pass.</summary>
    public readonly TimeSpan WaitFor(int perSecond) => TimeSpan.FromSeconds(Math.Max(0, (1 - _tokens) / perSecond));

    private void Fill(int perSecond, long now, TimeProvider time)
    {
        double most = perSecond * Burst;
        _tokens = _isUsed ? Math.Min(most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond)) : most;
        _at = now;
        _isUsed = true;
    }
}
