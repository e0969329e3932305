namespace Pipeline.SocketIo;

/// <summary>So many at once, so many per second on average. A plain synchronous value; time comes in.</summary>
internal struct TokenBucket(double perSecond, int burst, long now)
{
    private double _tokens = burst;
    private long _last = now;

    /// <param name="time">Milliseconds.</param>
    public bool TryTake(long time)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        _tokens = Math.Min(burst, _tokens + ((time - _last) * perSecond / 1000));
        _last = time;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
