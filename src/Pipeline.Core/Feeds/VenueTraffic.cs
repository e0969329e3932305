using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Feeds;

/// <summary>
/// What all connections of a venue bring over the wire, against its budget. One per venue and process; safe from several threads.
/// </summary>
public sealed class VenueTraffic : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly WireMeter _meter = new();
    private readonly Subject<FeedEvent> _changes = new();
    private readonly TrafficBudget? _watch;
    private readonly ITimer? _timer;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly string _venue;
    private readonly long _budget;
    private readonly long _start;

    /// <param name="budget">Bytes a second; null = not watched.</param>
    public VenueTraffic(string venue, long? budget, TimeProvider time, PipelineMetrics metrics)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        _venue = venue;
        _time = time;
        _metrics = metrics;
        _start = time.GetTimestamp();
        metrics.AddTraffic(venue, () => BytesPerSecond);
        Events = new GuardedObservable<FeedEvent>(_changes, _ => metrics.ObserverError(venue));
        if (budget is { } bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes, nameof(budget));
            _budget = bytes;
            _watch = new TrafficBudget(bytes);
            _timer = time.CreateTimer(
                static me => ((VenueTraffic)me!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary><see cref="TrafficBudgetExceeded"/> and <see cref="TrafficWithinBudget"/> in turn.</summary>
    public IObservable<FeedEvent> Events { get; }

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return _meter.BytesPerSecond(Now);
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Bytes came over one of the venue's connections.</summary>
    public void Note(long bytes)
    {
        FeedEvent? change;
        lock (_gate)
        {
            change = _meter.Add(bytes, Now) ? Judge() : null;
        }

        Tell(change);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _changes.OnCompleted();
    }

    private void Look()
    {
        FeedEvent? change;
        lock (_gate)
        {
            change = Judge();
        }

        Tell(change);
    }

    /// <summary>Judged with the first bytes of a second, and each second while the budget is exceeded, for then none may come any more.</summary>
    private FeedEvent? Judge()
    {
        var now = Now;
        if (_watch is null || !_meter.IsFull(now))
        {
            return null;
        }

        var rate = _meter.BytesPerSecond(now);
        var hasChanged = _watch.Judge(rate);
        if (_watch.IsExceeded)
        {
            Arm();
        }

        return !hasChanged ? null
            : _watch.IsExceeded ? new TrafficBudgetExceeded(_venue, rate, _budget)
            : new TrafficWithinBudget(_venue, rate, _budget);
    }

    private void Arm()
    {
        try
        {
            _timer!.Change(Second, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The venue is being left.
        }
    }

    private void Tell(FeedEvent? change)
    {
        if (change is TrafficBudgetExceeded)
        {
            _metrics.TrafficBudgetExceeded(_venue);
        }

        if (change is not null)
        {
            _changes.OnNext(change);
        }
    }
}
