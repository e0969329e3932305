using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Pipeline.Core.Feeds;

/// <summary>
/// One subscription to <see cref="RetryWithBackoffExtensions.RetryWithBackoff{T}"/>. Lives follow each other, so it needs no lock.
/// </summary>
internal sealed class BackoffRetry<T>(
    IObservable<T> source,
    ReconnectPolicy policy,
    IScheduler scheduler,
    Func<T, bool>? isData,
    Action<RetryInfo>? onRetry,
    IObserver<T> observer) : IObserver<T>, IDisposable
{
    /// <summary>The running life or the timer of the next one.</summary>
    private readonly SerialDisposable _current = new();
    private IStopwatch? _sinceConnect;
    private bool _hadData;
    private int _attempt;
    private int _failed;

    public void Subscribe()
    {
        _hadData = false;
        _sinceConnect = scheduler.StartStopwatch();
        // Assigned before the life starts, which may end at once and then puts its timer here.
        var life = new SingleAssignmentDisposable();
        _current.Disposable = life;
        life.Disposable = source.Subscribe(this);
    }

    public void OnNext(T value)
    {
        if (!_hadData && (isData is null || isData(value)))
        {
            _hadData = true;
        }

        observer.OnNext(value);
    }

    public void OnError(Exception error) => Retry(error);

    public void OnCompleted() => Retry(null);

    public void Dispose() => _current.Dispose();

    private void Retry(Exception? error)
    {
        if (_hadData)
        {
            _failed = 0;
            _attempt = ReconnectPolicy.FirstAttempt(_sinceConnect!.Elapsed);
        }
        else
        {
            _attempt++;
        }

        if (policy.GivesUpAfter(_failed))
        {
            observer.OnError(new ReconnectLimitException(_failed, error));
            return;
        }

        _failed++;
        var (planned, least) = (policy.DelayBefore(_attempt), policy.LeastDelayAfter(error));
        var delay = planned > least ? planned : least;
        onRetry?.Invoke(new RetryInfo(_failed, delay, error));
        // Even without a delay: the next life must not begin on the stack of the one that is ending.
        _current.Disposable = scheduler.Schedule(delay, Subscribe);
    }
}
