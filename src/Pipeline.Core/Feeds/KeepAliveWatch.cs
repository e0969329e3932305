namespace Pipeline.Core.Feeds;

/// <summary>
/// Sends a venue's keep-alive message on one socket and ends the socket when nothing at all follows. While an observer holds the receive
/// loop back, silence is ours and proves nothing: the message is still sent, the deadline waits.
/// </summary>
internal sealed class KeepAliveWatch : IDisposable
{
    private readonly KeepAlive _options;
    private readonly ConnectionLife _life;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private volatile Task _held = Task.CompletedTask;
    private long _seenAt;
    private long _askedAt;
    private bool _isAsking;

    public KeepAliveWatch(KeepAlive options, ConnectionLife life, TimeProvider time)
    {
        _options = options;
        _life = life;
        _time = time;
        _seenAt = _askedAt = time.GetTimestamp();
        _timer = time.CreateTimer(
            static me => ((KeepAliveWatch)me!).Look(), this, options.Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Frames arrived; <paramref name="released"/> completes when the receive loop may go on.</summary>
    public void Seen(Task released)
    {
        _held = released;
        Interlocked.Exchange(ref _seenAt, _time.GetTimestamp());
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Runs on the timer alone, never twice at once: each run arms the next.</summary>
    private void Look()
    {
        if (_isAsking && SinceSeen() >= _time.GetElapsedTime(_askedAt) && _held.IsCompleted)
        {
            _life.End(DisconnectionReason.Silent);
            return;
        }

        _isAsking = false;
        var rest = _options.Interval - (_options.Always ? _time.GetElapsedTime(_askedAt) : SinceSeen());
        if (rest > TimeSpan.Zero)
        {
            Arm(rest);
            return;
        }

        _isAsking = true;
        _askedAt = _time.GetTimestamp();

        // Not awaited: a send that fails ends with the socket, and this watch with it.
        _ = _life.SendAsync(_options.Message, CancellationToken.None).AsTask();
        Arm(_options.AnswerTimeout);
    }

    private TimeSpan SinceSeen() => _time.GetElapsedTime(Interlocked.Read(ref _seenAt));

    private void Arm(TimeSpan wait)
    {
        try
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The socket ended meanwhile.
        }
    }
}
