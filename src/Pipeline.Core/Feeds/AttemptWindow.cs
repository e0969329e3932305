namespace Pipeline.Core.Feeds;

/// <summary>
/// So many attempts in any span of time, exactly: the next one may be made when the one that lies so many back is a span old. Plain:
/// the caller tells the time, from any origin, never backwards.
/// </summary>
internal sealed class AttemptWindow(RateLimit limit)
{
    /// <summary>Times of the newest attempts, oldest first; never more than the limit counts.</summary>
    private readonly Queue<TimeSpan> _made = new();

    /// <summary>How long until an attempt may be made; zero when it may be made now.</summary>
    public TimeSpan WaitFor(TimeSpan now)
    {
        if (_made.Count < limit.Count)
        {
            return TimeSpan.Zero;
        }

        var wait = _made.Peek() + limit.Per - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>An attempt is made.</summary>
    public void Take(TimeSpan now)
    {
        if (_made.Count == limit.Count)
        {
            _made.Dequeue();
        }

        _made.Enqueue(now);
    }
}
