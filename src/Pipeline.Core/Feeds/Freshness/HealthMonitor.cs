using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Watches the streams of one venue: says which are live and why not, and does what helps. Streams that carry many instruments are judged
/// by their connection alone.
/// <para>
/// Deadlines lie in one queue under one timer, which fires at most once a second, apart from data that somebody waits for. State is
/// guarded by one lock; nobody is called while it is held. All members may be called from any thread.
/// </para>
/// </summary>
public sealed partial class HealthMonitor : IDisposable
{
    private readonly string _venue;
    private readonly StreamActivity _activity;
    private readonly PipelineMetrics _metrics;
    private readonly FreshnessRules _rules;
    private readonly long _checkInterval;
    private readonly VenueLag _lag;
    private readonly HealthClock _clock;
    private readonly LookTimer _looks;
    private readonly HealthOutputs _outputs;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MonitoredStream> _streams = new(StringComparer.Ordinal);
    private readonly Subject<StreamHealth> _changes = new();
    private readonly CompositeDisposable _feeds = [];
    private long _clockSets;
    private long _nextCheck;
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
        _metrics = metrics;
        _rules = FreshnessRules.Of(options);
        _checkInterval = Math.Max(LookTimer.Grain, MarketTime.From(options.HealthCheckInterval));
        _lag = activity.LagOf(venue);
        _clock = new HealthClock(marketClock, time);
        _looks = new LookTimer(_clock, Fire);
        _outputs = new HealthOutputs(venue, remedy, _clock.Timers, metrics, _changes.OnNext, watched => _ = RunProbeAsync(watched));
        metrics.AddStreamAge(venue, OldestSilence);
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
                return _looks.Planned;
            }
        }
    }

    /// <summary>Watches a stream from now on; watching it again changes nothing, nor does one that only its connection tells of.</summary>
    public void Watch(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Do(() =>
        {
            if (stream.Instrument is not { } instrument || StreamKind.Of(stream) is not (var kind and >= 0)
                || _streams.ContainsKey(stream.Name))
            {
                return;
            }

            var trace = _activity.Of(instrument, kind);
            var watched = new MonitoredStream(stream, instrument, trace, new StreamFreshness(_rules, stream.Channel));
            watched.Wake = () => _looks.Wake(watched);
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
            if (_streams.Remove(stream, out var watched))
            {
                Settle(watched, watched.Freshness.Stop(FreshnessReason.Unsubscribed, _clock.Now), _clock.Now);
                Leave(watched);
                watched.IsForgotten = true;
                Recount(watched, null);
            }
        });
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
        _looks.Dispose();
        _stop.Cancel();
        _changes.OnCompleted();
    }

    /// <summary>Microseconds since the last data of the most silent stream that should bring some and has brought some.</summary>
    private long OldestSilence()
    {
        lock (_gate)
        {
            var oldest = 0L;
            foreach (var watched in _streams.Values)
            {
                if (watched.Trace.Arrival > 0 && watched.Freshness.State is not (HealthState.Paused or HealthState.Stopped))
                {
                    oldest = Math.Max(oldest, _clock.Now - watched.Trace.Arrival);
                }
            }

            return oldest;
        }
    }

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
            _looks.Arm(Math.Min(_nextCheck, NextProbeAt));
        }

        _outputs.Tell();
    }
}
