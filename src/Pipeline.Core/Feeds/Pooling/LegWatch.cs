using Pipeline.Core.Feeds.Freshness;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// The deadlines of one leg: silence of a busy connection, and a receive loop that is held back. One timer, armed for the earliest and
/// moved only when an earlier one comes up; where a deadline has moved on meanwhile it is armed again when it fires, so that a stream of
/// data costs no timer. While the loop is held, silence is ours and counts for nothing.
/// </summary>
internal sealed class LegWatch : IDisposable
{
    /// <summary>A receive loop is held for moments all the time when much comes; longer than this is a pause.</summary>
    internal static readonly TimeSpan OrdinaryHold = TimeSpan.FromMilliseconds(200);

    private readonly Leg _leg;
    private readonly ILegObserver _observer;
    private readonly LocalClock _clock;
    private readonly TimeSpan _pauseLimit;
    private readonly ConnectionFreshness _freshness;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    private TimeSpan? _armedFor;
    private Task? _held;
    private TimeSpan _heldSince;
    private bool _isPaused;
    private bool _isOverloaded;
    private bool _isSuspected;
    private bool _isDisposed;

    public LegWatch(Leg leg, ILegObserver observer, WebSocketOptions options, LocalClock clock)
    {
        _leg = leg;
        _observer = observer;
        _clock = clock;
        _pauseLimit = options.PauseLimit;
        _freshness = new ConnectionFreshness(options.StallTimeout);
        _timer = clock.CreateTimer(static me => ((LegWatch)me!).Fire(), this);
    }

    private enum Finding
    {
        None,
        Paused,
        Overloaded,
        Silent,
    }

    /// <summary>Whether its silence has been told and lasts.</summary>
    public bool IsSuspected
    {
        get
        {
            lock (_gate)
            {
                return _isSuspected;
            }
        }
    }

    /// <summary>See <see cref="ConnectionFreshness.Inherit"/>.</summary>
    public void Inherit(LegWatch other)
    {
        (TimeSpan, TimeSpan?) learned;
        lock (other._gate)
        {
            learned = other._freshness.Learned;
        }

        lock (_gate)
        {
            _freshness.Inherit(learned);
        }
    }

    public void Opened()
    {
        lock (_gate)
        {
            _freshness.Opened(_clock.Now);
            Arm();
        }
    }

    public void Confirmed()
    {
        lock (_gate)
        {
            _freshness.Confirmed(_clock.Now);
            Arm();
        }
    }

    public void Closed()
    {
        lock (_gate)
        {
            _freshness.Closed();
            _held = null;
            _isPaused = false;
            _isOverloaded = false;
            _isSuspected = false;
        }
    }

    /// <summary>Data came; returns the time since the data before, null when there was none.</summary>
    public TimeSpan? Data()
    {
        bool isBack;
        TimeSpan? silence;
        lock (_gate)
        {
            var now = _clock.Now;
            silence = now - _freshness.LastData;
            _freshness.Data(now);
            isBack = _isSuspected;
            _isSuspected = false;
            if (_armedFor is null)
            {
                Arm();
            }
        }

        if (isBack)
        {
            _observer.DataBack(_leg);
        }

        return silence;
    }

    /// <summary>
    /// Requests were not answered: suspects the leg where no data came for so long either, and tells whether it does so only now. Silence
    /// alone would say nothing of a leg that is not busy.
    /// </summary>
    public bool SuspectIfSilentFor(TimeSpan least)
    {
        lock (_gate)
        {
            if (_isSuspected || _held is not null || !_freshness.IsSilentFor(least, _clock.Now))
            {
                return false;
            }

            return _isSuspected = true;
        }
    }

    /// <summary>The receive loop waits for <paramref name="released"/>.</summary>
    public void Held(Task released)
    {
        lock (_gate)
        {
            _held = released;
            _heldSince = _clock.Now;
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void Fire()
    {
        Finding finding;
        Task? held;
        TimeSpan since;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            var now = _clock.Now;
            _armedFor = null;
            finding = Find(now);
            held = _held;
            since = now - _heldSince;
            Arm();
        }

        switch (finding)
        {
            case Finding.Paused:
                _observer.Paused(_leg, since);
                _ = FollowAsync(held!, since);
                break;
            case Finding.Overloaded:
                _observer.Overloaded(_leg);
                break;
            case Finding.Silent:
                _observer.Silent(_leg);
                break;
        }
    }

    /// <summary>What is due, one thing at a time; under the lock.</summary>
    private Finding Find(TimeSpan now)
    {
        if (!_isPaused && _held is { IsCompleted: true })
        {
            _held = null;
        }

        if (_held is not null)
        {
            if (!_isPaused && now - _heldSince >= OrdinaryHold)
            {
                _isPaused = true;
                _freshness.Paused();
                return Finding.Paused;
            }

            if (!_isOverloaded && now - _heldSince >= _pauseLimit)
            {
                _isOverloaded = true;
                return Finding.Overloaded;
            }

            return Finding.None;
        }

        if (!_isSuspected && _freshness.SuspectAt <= now)
        {
            _isSuspected = true;
            return Finding.Silent;
        }

        return Finding.None;
    }

    /// <summary>Sets the timer to the earliest deadline, unless it fires before; under the lock.</summary>
    private void Arm()
    {
        TimeSpan? due = _held is null ? _isSuspected ? null : _freshness.SuspectAt
            : !_isPaused ? _heldSince + OrdinaryHold
            : _isOverloaded ? null
            : _heldSince + _pauseLimit;
        if (due is null || _isDisposed || _armedFor <= due)
        {
            return;
        }

        _armedFor = due;
        var wait = due.Value - _clock.Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The pause ends with the hold that made it, even where the next batch is held too: then another one may begin.</summary>
    private async Task FollowAsync(Task held, TimeSpan before)
    {
        var from = _clock.Now - before;
        await held.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan lasted;
        lock (_gate)
        {
            if (!_isPaused || _isDisposed)
            {
                return;
            }

            var now = _clock.Now;
            _held = _held == held ? null : _held;
            _isPaused = false;
            _isOverloaded = false;
            _freshness.Resumed(now);
            lasted = now - from;
            Arm();
        }

        _observer.Resumed(_leg, lasted);
    }
}
