namespace Pipeline.Kafka.Sink;

/// <summary>How long the broker has acknowledged nothing of what it was given. For one thread; the outage is read by any.</summary>
internal sealed class AckWatch
{
    private const long Never = long.MinValue;
    private readonly TimeProvider _clock;
    private long _since;
    private long _waitsSince = Never;
    private bool _isLost;

    public AckWatch(TimeProvider clock)
    {
        _clock = clock;
        _since = clock.GetTimestamp();
    }

    /// <summary>Zero while acknowledgements come, or nothing waits for one.</summary>
    public TimeSpan Outage => Volatile.Read(ref _waitsSince) is var since and not Never ? _clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <param name="acknowledged">Something was, since the last call.</param>
    /// <param name="isWaiting">Something waits for it.</param>
    /// <returns>True once an outage: when it has lasted for <paramref name="limit"/>.</returns>
    public bool Look(bool acknowledged, bool isWaiting, TimeSpan limit)
    {
        if (acknowledged || !isWaiting)
        {
            _since = _clock.GetTimestamp();
            _isLost = false;
            Volatile.Write(ref _waitsSince, Never);
            return false;
        }

        Volatile.Write(ref _waitsSince, _since);
        if (_isLost || _clock.GetElapsedTime(_since) < limit)
        {
            return false;
        }

        _isLost = true;
        return true;
    }
}
