using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Pipeline.Core.Feeds;

internal static class BufferFromFirstExtensions
{
    /// <summary>
    /// Like <c>Buffer(delay, size)</c>, but a buffer opens with its first element: no timer runs while there is nothing to collect, and
    /// there are no empty buffers.
    /// </summary>
    public static IObservable<IList<T>> BufferFromFirst<T>(this IObservable<T> source, TimeSpan delay, int size, IScheduler scheduler) =>
        source
            .GroupByUntil(
                static _ => Unit.Default,
                buffer => Observable.Timer(delay, scheduler).Select(static _ => Unit.Default)
                    .Merge(buffer.Skip(size - 1).Select(static _ => Unit.Default))
                    .Take(1))
            .SelectMany(static buffer => buffer.ToList());
}
