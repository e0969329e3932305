namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// How many requests the sockets of one connection may make in an hour, and the pause after the venue said that they are too many.
/// Shared by those sockets; safe from several threads. Times are since any fixed instant.
/// </summary>
/// <param name="perHour">Most requests in any hour; null = any number.</param>
internal sealed class RequestBudget(int? perHour)
{
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly AttemptWindow? _window = perHour is { } most ? new AttemptWindow(new RateLimit(most, Hour)) : null;
    private TimeSpan _pause;
    private TimeSpan _pausedUntil;
    private bool _isTold;

    /// <summary>Wait before the next request may be made.</summary>
    public TimeSpan WaitAt(TimeSpan now)
    {
        lock (_gate)
        {
            return Wait(now);
        }
    }

    /// <summary>A request is made.</summary>
    public void Use(TimeSpan now)
    {
        lock (_gate)
        {
            _isTold = false;
            _window?.Take(now);
        }
    }

    /// <summary>The venue said that requests are too many, or that it cannot take any: none is made for a while, longer each time.</summary>
    public void Pause(TimeSpan now)
    {
        lock (_gate)
        {
            // Answers to requests that were under way already say the same thing once more.
            if (now >= _pausedUntil)
            {
                _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                _pausedUntil = now + _pause;
            }
        }
    }

    /// <summary>The venue took a request.</summary>
    public void Relax()
    {
        lock (_gate)
        {
            _pause = TimeSpan.Zero;
        }
    }

    /// <summary>The wait that has begun and was not told yet; null when there is none. It is told once, whichever socket asks.</summary>
    public TimeSpan? TakeNotice(TimeSpan now)
    {
        lock (_gate)
        {
            var wait = Wait(now);
            if (_isTold || wait == TimeSpan.Zero)
            {
                return null;
            }

            _isTold = true;
            return wait;
        }
    }

    private TimeSpan Wait(TimeSpan now)
    {
        var window = _window?.WaitFor(now) ?? TimeSpan.Zero;
        var pause = _pausedUntil - now;
        return pause > window ? pause : window;
    }
}
