using System.Collections.Concurrent;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Watches the streams of one venue: says which are live and why not, and does what helps. Streams that carry many instruments are judged
/// by their connection alone and only counted here.
/// <para>
/// Deadlines lie in one queue under one timer, which fires at most once a second, apart from data that somebody waits for. State is
/// guarded by one lock; nobody is called while it is held. All members may be called from any thread.
/// </para>
/// </summary>
public sealed partial class HealthMonitor : IDisposable
{
    /// <summary>Looks that fall due within this time are made together.</summary>
    private const long Grain = 1_000_000;

    /// <summary>Most streams named in a summary.</summary>
    private const int MostWorst = 50;

    private readonly string _venue;
    private readonly StreamActivity _activity;
    private readonly IStreamRemedy _remedy;
    private readonly PipelineMetrics _metrics;
    private readonly FreshnessRules _rules;
    private readonly long _checkInterval;
    private readonly VenueLag _lag;
    private readonly HealthClock _clock;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MonitoredStream> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _perConnection = new(StringComparer.Ordinal);
    private readonly PriorityQueue<MonitoredStream, long> _due = new();
    private readonly ConcurrentQueue<MonitoredStream> _woken = new();
    private readonly Queue<Output> _outputs = new();
    private readonly Subject<StreamHealth> _changes = new();
    private readonly CompositeDisposable _feeds = [];
    private long _clockSets;
    private long _nextCheck;
    private int _isWakePending;
    private bool _isTelling;
    private bool _isDisposed;

    /// <param name="probe">Who is asked before anything is cut.</param>
    /// <param name="remedy">The feed.</param>
    /// <param name="marketClock">Stamps arrival; may be set while this runs.</param>
    /// <param name="time">Runs deadlines.</param>
    public HealthMonitor(
        string venue,
        WebSocketOptions options,
        StreamActivity activity,
        IStreamProbe probe,
        IStreamRemedy remedy,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(remedy);
        ArgumentNullException.ThrowIfNull(marketClock);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        _venue = venue;
        _activity = activity;
        _probe = probe;
        _remedy = remedy;
        _metrics = metrics;
        _rules = FreshnessRules.Of(options);
        _checkInterval = Math.Max(Grain, MarketTime.From(options.HealthCheckInterval));
        _lag = activity.LagOf(venue);
        _clock = new HealthClock(marketClock, time);
        _timer = _clock.Timers.CreateTimer(static self => ((HealthMonitor)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.AddQueue($"probes {venue}", () => ProbesWaiting, int.MaxValue);
        Changes = new GuardedObservable<StreamHealth>(_changes, _ => metrics.ObserverError(venue));
    }

    /// <summary>Every change of a stream's state or reason, in order. Completes when this is disposed.</summary>
    public IObservable<StreamHealth> Changes { get; }

    /// <summary>Times the timer fired.</summary>
    internal long Firings { get; private set; }

    /// <summary>Looks that are planned, and those that are not wanted any more but not yet past.</summary>
    internal int Planned
    {
        get
        {
            lock (_gate)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Watches a stream from now on; watching it again changes nothing.</summary>
    public void Watch(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Do(() =>
        {
            if (stream.Instrument is not { } instrument || StreamKind.Of(stream) is not (var kind and >= 0))
            {
                _perConnection.Add(stream.Name);
                return;
            }

            if (_streams.ContainsKey(stream.Name))
            {
                return;
            }

            var trace = _activity.Of(instrument, kind);
            var watched = new MonitoredStream(stream, instrument, trace, new StreamFreshness(_rules, stream.Channel));
            watched.Wake = () => WakeUp(watched);
            _streams.Add(stream.Name, watched);
            Settle(watched, watched.Freshness.Request(_clock.Now), _clock.Now);
        });
    }

    /// <summary>Nobody wants the stream any more: says so, and forgets it.</summary>
    public void Forget(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Do(() =>
        {
            _perConnection.Remove(stream);
            if (_streams.Remove(stream, out var watched))
            {
                Settle(watched, watched.Freshness.Stop(FreshnessReason.Unsubscribed, _clock.Now), _clock.Now);
                Leave(watched);
                watched.IsForgotten = true;
                Recount(watched, null);
            }
        });
    }

    /// <summary>How the streams are now.</summary>
    public HealthSummary Summarize()
    {
        lock (_gate)
        {
            var states = new Dictionary<HealthState, int>();
            foreach (var watched in _streams.Values)
            {
                states[watched.Freshness.State] = states.GetValueOrDefault(watched.Freshness.State) + 1;
            }

            return new HealthSummary(_venue, _streams.Count, _perConnection.Count, states, FindWorst());
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var watched in _streams.Values)
            {
                Recount(watched, null);
            }
        }

        _feeds.Dispose();
        _timer.Dispose();
        _stop.Cancel();
        _changes.OnCompleted();
    }

    private List<StreamHealth> FindWorst() =>
    [
        .. _streams.Values.Where(watched => BadnessOf(watched.Freshness.State) > 0)
            .OrderByDescending(watched => BadnessOf(watched.Freshness.State)).ThenBy(watched => watched.Freshness.Since).Take(MostWorst)
            .Select(watched => watched.ToHealth()),
    ];

    private static int BadnessOf(HealthState state) => state switch
    {
        HealthState.Stale => 4,
        HealthState.Stopped => 3,
        HealthState.Paused => 2,
        HealthState.Starting => 1,
        _ => 0,
    };

    /// <summary>Changes something under the lock, then tells what came of it.</summary>
    private void Do(Action change)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            change();
            Arm();
        }

        Tell();
    }

    /// <summary>From station 3, whose time is precious: everything else happens on the timer's thread.</summary>
    private void WakeUp(MonitoredStream watched)
    {
        _woken.Enqueue(watched);
        if (Interlocked.Exchange(ref _isWakePending, 1) == 0)
        {
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire() => Do(() =>
    {
        Firings++;
        Interlocked.Exchange(ref _isWakePending, 0);
        var now = _clock.Now;
        if (_clock.WasSet())
        {
            Rebase(now);
        }

        while (_woken.TryDequeue(out var woken))
        {
            Look(woken, now);
        }

        while (_due.TryPeek(out var next, out var due) && due <= now)
        {
            _due.Dequeue();
            if (next.PlannedAt == due)
            {
                next.PlannedAt = long.MaxValue;
                Look(next, now);
            }
        }

        _nextCheck = now + _checkInterval;
        StartProbes(now);
    });

    /// <summary>The market clock was set: what lies under the old one is neither a silence nor a lag.</summary>
    private void Rebase(long now)
    {
        _clockSets++;
        _lag.Rebase();
        foreach (var watched in _streams.Values)
        {
            watched.Freshness.HoldLimit(now);
        }
    }

    private void Look(MonitoredStream watched, long now)
    {
        if (!watched.IsForgotten)
        {
            Settle(watched, LookAt(watched, now), now);
        }
    }

    private FreshnessEffects LookAt(MonitoredStream watched, long now) =>
        watched.Freshness.Look(now, watched.See(now, _clock.Market, _clockSets, _lag.Limit));

    /// <summary>Does what a step wants, plans the next look and asks station 3 for what may happen before.</summary>
    private void Settle(MonitoredStream watched, FreshnessEffects effects, long now)
    {
        while (true)
        {
            Act(watched, effects, now);
            Await(watched);
            if (watched.Count == watched.Trace.Count
                || watched.Freshness.State is HealthState.Fresh or HealthState.Stopped or HealthState.Paused)
            {
                break;
            }

            // It came before we asked to be told.
            effects = LookAt(watched, now);
        }

        Plan(watched);
    }

    private void Act(MonitoredStream watched, FreshnessEffects effects, long now)
    {
        if (effects.HasFlag(FreshnessEffects.Changed))
        {
            Publish(watched);
        }

        if (effects.HasFlag(FreshnessEffects.Probe))
        {
            QueueProbe(watched);
        }

        if (effects.HasFlag(FreshnessEffects.Resubscribe))
        {
            _outputs.Enqueue(new Output(OutputKind.Resubscribe, watched, default));
        }

        if (effects.HasFlag(FreshnessEffects.Suspect) && watched.Connection.Length > 0)
        {
            _outputs.Enqueue(new Output(OutputKind.Suspect, watched, watched.ToHealth()));
        }
    }

    private void Publish(MonitoredStream watched)
    {
        var freshness = watched.Freshness;
        var market = _clock.Market;
        watched.SinceTime = market - (_clock.Now - freshness.Since);
        if (freshness.State is HealthState.Stale or HealthState.Paused)
        {
            // However long it takes: that is no silence to get used to.
            watched.Trace.ForgiveBefore(market);
        }

        Recount(watched, freshness.State);
        _metrics.StreamChanged(_venue, freshness.Reason);
        _outputs.Enqueue(new Output(OutputKind.Health, watched, watched.ToHealth()));
    }

    private void Recount(MonitoredStream watched, HealthState? state)
    {
        if (watched.Counted is { } before)
        {
            _metrics.Streams(_venue, NameOf(before), -1);
        }

        if (state is { } after)
        {
            _metrics.Streams(_venue, NameOf(after), 1);
        }

        watched.Counted = state;
    }

    private static void Await(MonitoredStream watched)
    {
        var freshness = watched.Freshness;
        var events = freshness.State switch
        {
            HealthState.Stopped or HealthState.Paused => WakeOn.Nothing,
            HealthState.Fresh => WakeOn.Late,
            HealthState.Stale when freshness.Reason == FreshnessReason.Late => WakeOn.InTime,
            _ => WakeOn.Data,
        };
        if (freshness.IsJudgingLag || freshness.AwaitsNextEvent)
        {
            // It is looked at again in a moment; every late event until then would be one wake-up.
            events = freshness.IsJudgingLag ? WakeOn.Nothing : WakeOn.Data;
        }

        if (watched.IsRestarted)
        {
            events |= WakeOn.Restart;
            watched.IsRestarted = false;
        }

        watched.Trace.Await(events, watched.Wake!);
    }

    private void Plan(MonitoredStream watched)
    {
        var deadline = watched.Freshness.Deadline;
        if (deadline == long.MaxValue)
        {
            watched.PlannedAt = long.MaxValue;
            return;
        }

        // Rounded up: what falls due within a grain is looked at together.
        var at = (deadline + Grain - 1) / Grain * Grain;
        if (at != watched.PlannedAt)
        {
            watched.PlannedAt = at;
            _due.Enqueue(watched, at);
        }
    }

    /// <summary>One timer for the earliest of all: under the lock.</summary>
    private void Arm()
    {
        var next = _due.TryPeek(out _, out var due) ? Math.Min(due, _nextCheck) : _nextCheck;
        next = Math.Min(next, NextProbeAt);
        var wait = Math.Max(0, next - _clock.Now);
        _timer.Change(TimeSpan.FromMilliseconds((wait + 999) / 1000), Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref _isWakePending) != 0)
        {
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>One caller at a time, outside the lock: whoever comes meanwhile leaves his to the one who is at it.</summary>
    private void Tell()
    {
        while (true)
        {
            Output output;
            lock (_gate)
            {
                if (_isTelling || !_outputs.TryDequeue(out output))
                {
                    return;
                }

                _isTelling = true;
            }

            try
            {
                Tell(output);
            }
            catch (Exception)
            {
                // A stranger's trouble is not this stream's.
                _metrics.ObserverError(_venue);
            }
            finally
            {
                lock (_gate)
                {
                    _isTelling = false;
                }
            }
        }
    }

    private void Tell(in Output output)
    {
        switch (output.Kind)
        {
            case OutputKind.Health:
                _changes.OnNext(output.Health);
                break;
            case OutputKind.Probe:
                _ = RunProbeAsync(output.Watched);
                break;
            case OutputKind.Resubscribe:
                _metrics.StreamRemedy(_venue, "resubscribe");
                var name = output.Watched.Stream.Name;
                Defer(() => _remedy.Resubscribe(name));
                break;
            default:
                _metrics.StreamRemedy(_venue, "suspect");
                var (connection, reason) = (output.Health.Connection, $"{output.Watched.Stream.Name}: {output.Health.Reason}");
                Defer(() => _remedy.Suspect(connection, reason));
                break;
        }
    }

    /// <summary>
    /// Not on this thread: it may be pushing an event of one connection, under a lock that a remedy for another one takes the other way
    /// round.
    /// </summary>
    private void Defer(Action remedy)
    {
        ITimer? timer = null;
        timer = _clock.Timers.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                try
                {
                    remedy();
                }
                catch (Exception)
                {
                    _metrics.ObserverError(_venue);
                }
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private static string NameOf(HealthState state) => state switch
    {
        HealthState.Starting => "starting",
        HealthState.Fresh => "fresh",
        HealthState.Quiet => "quiet",
        HealthState.Stale => "stale",
        HealthState.Paused => "paused",
        _ => "stopped",
    };

    private readonly record struct Output(OutputKind Kind, MonitoredStream Watched, StreamHealth Health);

    private enum OutputKind
    {
        Health,
        Probe,
        Resubscribe,
        Suspect,
    }
}
