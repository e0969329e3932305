using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Makes paced requests of single wishes: collects them for a moment, cuts them to the venue's limits, spaces them out.
/// A thin Rx shell around <see cref="RequestCutter"/> and <see cref="RequestPacer"/>.
/// </summary>
public sealed class SubscriptionBatcher
{
    private readonly RequestCutter _cutter;
    private readonly PoolOptions _options;
    private readonly int _perSecond;
    private readonly IScheduler _scheduler;

    public SubscriptionBatcher(IVenueAdapter adapter, PoolOptions options, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        _cutter = new RequestCutter(adapter);
        _options = options;
        _perSecond = Math.Min(options.MaxMessagesPerSecond ?? int.MaxValue, adapter.Limits.MaxMessagesPerSecond);
        _scheduler = scheduler;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_perSecond);
    }

    /// <summary>Whether the venue can be asked for this name at all.</summary>
    public bool Fits(string stream) => _cutter.Fits(stream);

    /// <summary>
    /// The requests for <paramref name="commands"/>, each when it may be sent. One subscription belongs to one socket: the rate starts
    /// afresh with it, and leaving it drops what was not sent yet.
    /// </summary>
    public IObservable<SubscriptionRequest> Batch(IObservable<SubscriptionCommand> commands) => Observable.Defer(() =>
    {
        var pacer = new RequestPacer(_perSecond);
        var clock = _scheduler.StartStopwatch();
        return commands
            .BufferFromFirst(_options.BatchDelay, _options.BatchSize, _scheduler)
            .SelectMany(_cutter.Cut)
            .Select(request => Observable.Defer(() => Wait(pacer.Reserve(clock.Elapsed))).Select(_ => request))
            .Concat();
    });

    private IObservable<Unit> Wait(TimeSpan time) => time == TimeSpan.Zero
        ? Observable.Return(Unit.Default)
        : Observable.Timer(time, _scheduler).Select(static _ => Unit.Default);
}
