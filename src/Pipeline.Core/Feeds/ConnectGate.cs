using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>
/// The gate of one venue, for all its pools: attempts pass in the order they came, first waiting for room at the entrance of the graph,
/// then for the venue's limit of attempts. Attempts that fail have been made too. Safe from several threads.
/// </summary>
public sealed class ConnectGate : IConnectGate, IDisposable
{
    /// <summary>Most attempts that wait; one more fails. Far above what pools may open, so that a loop gone wild is bounded.</summary>
    internal const int MostWaiting = 10_000;

    /// <summary>A venue's wish to be left alone is not followed for longer than this.</summary>
    internal static readonly TimeSpan LongestHoldOff = TimeSpan.FromHours(1);

    /// <summary>Timers count milliseconds and may fire a little early: shorter waits would spin.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationToken _closing;
    private readonly AttemptWindow? _window;
    private readonly IIntake? _intake;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly string _venue;
    private readonly long _start;
    private TimeSpan _notBefore;
    private bool _isServing;

    /// <param name="limit">The venue's limit of attempts; null = it has none.</param>
    /// <param name="intake">Where the data of a connection goes; null = there is always room.</param>
    public ConnectGate(string venue, RateLimit? limit, TimeProvider time, PipelineMetrics metrics, IIntake? intake = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        if (limit is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit.Count, nameof(limit));
            _window = new AttemptWindow(limit);
        }

        _closing = _closed.Token;
        _venue = venue;
        _intake = intake;
        _time = time;
        _metrics = metrics;
        _start = time.GetTimestamp();
        metrics.AddQueue($"connects {venue}", () => Waiting, MostWaiting);
    }

    /// <summary>Attempts that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <inheritdoc/>
    /// <exception cref="FeedConnectException">Too many wait already.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the gate was closed for good.</exception>
    public Task PassAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        bool isFirst;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            if (_waiting.Count == 0 && TryTake(Now))
            {
                return Task.CompletedTask;
            }

            if (_waiting.Count == MostWaiting)
            {
                throw new FeedConnectException(
                    DisconnectionReason.Overload, $"{MostWaiting} attempts to connect to {_venue} wait already.");
            }

            waiter = new Waiter(this, Now);
            _waiting.AddLast(waiter.Place);
            isFirst = !_isServing;
            _isServing = true;
        }

        waiter.Registration = cancellation.UnsafeRegister(static (waiter, token) => ((Waiter)waiter!).Leave(token), waiter);
        if (isFirst)
        {
            _ = ServeAsync();
        }

        return waiter.Passed.Task;
    }

    /// <inheritdoc/>
    public void HoldOff(TimeSpan wait)
    {
        var until = Now + (wait < LongestHoldOff ? wait : LongestHoldOff);
        lock (_gate)
        {
            if (until > _notBefore)
            {
                _notBefore = until;
            }
        }
    }

    /// <summary>Lets nobody through any more; those who wait are cancelled.</summary>
    public void Dispose()
    {
        List<Waiter> left;
        lock (_gate)
        {
            left = [.. _waiting];
            _waiting.Clear();
        }

        _closed.Cancel();
        foreach (var waiter in left)
        {
            waiter.Registration.Unregister();
            waiter.Passed.TrySetCanceled(_closing);
        }

        _closed.Dispose();
    }

    /// <summary>Runs while somebody waits. Whoever is let through goes on from here.</summary>
    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                // Where room was lost again meanwhile, Next says to try anew.
                if (_intake is not null)
                {
                    await _intake.WhenRoomAsync(_closing);
                }

                if (!Next(out var next, out var wait))
                {
                    return;
                }

                next?.Pass();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait > ShortestWait ? wait : ShortestWait, _time, _closing);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The gate is closed: nobody waits any more.
        }
    }

    /// <summary>Lets the first in line through, or tells how long it has to wait; false when nobody is left.</summary>
    private bool Next(out Waiter? next, out TimeSpan wait)
    {
        next = null;
        wait = TimeSpan.Zero;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
            {
                _isServing = false;
                return false;
            }

            var now = Now;
            if (TryTake(now))
            {
                _waiting.Remove(first);
                next = first.Value;
                _metrics.ConnectHeld(_venue, now - next.Since);
            }
            else
            {
                wait = Wait(now);
            }

            return true;
        }
    }

    private bool TryTake(TimeSpan now)
    {
        if (_intake is { HasRoom: false } || Wait(now) > TimeSpan.Zero)
        {
            return false;
        }

        _window?.Take(now);
        return true;
    }

    private TimeSpan Wait(TimeSpan now)
    {
        var asked = _notBefore - now;
        var limited = _window?.WaitFor(now) ?? TimeSpan.Zero;
        return asked > limited ? asked : limited;
    }

    private sealed class Waiter
    {
        private readonly ConnectGate _owner;

        public Waiter(ConnectGate owner, TimeSpan since)
        {
            _owner = owner;
            Since = since;
            Place = new LinkedListNode<Waiter>(this);
        }

        public TimeSpan Since { get; }

        public LinkedListNode<Waiter> Place { get; }

        public TaskCompletionSource Passed { get; } = new();

        public CancellationTokenRegistration Registration { get; set; }

        public void Pass()
        {
            Registration.Unregister();
            Passed.TrySetResult();
        }

        /// <summary>Gives up its place in line, unless it was let through meanwhile.</summary>
        public void Leave(CancellationToken cancellation)
        {
            lock (_owner._gate)
            {
                if (Place.List is null)
                {
                    return;
                }

                _owner._waiting.Remove(Place);
            }

            Passed.TrySetCanceled(cancellation);
        }
    }
}
