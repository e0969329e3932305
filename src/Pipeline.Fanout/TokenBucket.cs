namespace Pipeline.Fanout;

/// <summary>
/// So many at once, so many per second on average. A plain value that reads no clock; its default is a full bucket. Not for several threads.
/// </summary>
public struct TokenBucket
{
    private double _taken;
    private TimeSpan _last;

    /// <summary>Whether one more may pass.</summary>
    /// <param name="perSecond">Average; 0 = no limit.</param>
    /// <param name="burst">At once, at least 1.</param>
    /// <param name="now">Time since any fixed moment, never backwards.</param>
    public bool TryTake(double perSecond, double burst, TimeSpan now)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        Refill(perSecond, now);
        if (burst - _taken < 1)
        {
            return false;
        }

        _taken++;
        return true;
    }

    /// <summary>Whether nothing of it is used.</summary>
    public bool IsFull(double perSecond, TimeSpan now)
    {
        Refill(perSecond, now);
        return _taken == 0;
    }

    /// <summary>How long until one may pass, as of the last question.</summary>
    public readonly TimeSpan WaitFor(double perSecond, double burst) => TimeSpan.FromSeconds(Math.Max(0, (1 - (burst - _taken)) / perSecond));

    private void Refill(double perSecond, TimeSpan now)
    {
        _taken = Math.Max(0, _taken - ((now - _last).TotalSeconds * perSecond));
        _last = now;
    }
}
