using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Pipeline.Core.Feeds;

/// <summary>The operator that makes one connection life endless.</summary>
public static class RetryWithBackoffExtensions
{
    /// <summary>
    /// Subscribes to <paramref name="source"/> again whenever it fails <em>or completes</em>, each time after the policy's delay on
    /// <paramref name="scheduler"/>. The back-off starts afresh only when a life brought data, not when it merely began.
    /// Ends only with its subscription, or with <see cref="ReconnectLimitException"/> when the policy gives up.
    /// </summary>
    /// <param name="isData">Tells data from mere answers; default: all is data. Asked until the first data of each life.</param>
    /// <param name="onRetry">Told of every coming attempt when its wait begins.</param>
    public static IObservable<T> RetryWithBackoff<T>(
        this IObservable<T> source,
        ReconnectPolicy policy,
        IScheduler scheduler,
        Func<T, bool>? isData = null,
        Action<RetryInfo>? onRetry = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(scheduler);
        return Observable.Create<T>(observer =>
        {
            var retry = new BackoffRetry<T>(source, policy, scheduler, isData, onRetry, observer);
            retry.Subscribe();
            return retry;
        });
    }
}
