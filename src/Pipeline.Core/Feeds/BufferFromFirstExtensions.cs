using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Pipeline.Core.Feeds;

internal static class BufferFromFirstExtensions
{
    /// <summary>
    /// Like <c>Buffer(delay, size)</c>, but a buffer opens with its first element: no timer runs while there is nothing to collect, and
    /// there are no empty buffers. Not made of <c>GroupByUntil</c>: that loses an element that comes while its group is being closed.
    /// </summary>
    public static IObservable<IList<T>> BufferFromFirst<T>(this IObservable<T> source, TimeSpan delay, int size, IScheduler scheduler) =>
        Observable.Create<IList<T>>(observer =>
        {
            var gate = new object();
            var timer = new SerialDisposable();
            List<T>? open = null;

            void Close()
            {
                if (open is { } full)
                {
                    open = null;
                    timer.Disposable = Disposable.Empty;
                    observer.OnNext(full);
                }
            }

            void Add(T element)
            {
                lock (gate)
                {
                    var isFirst = open is null;
                    var mine = open ??= [];
                    mine.Add(element);
                    if (mine.Count >= size)
                    {
                        Close();
                    }
                    else if (isFirst)
                    {
                        timer.Disposable = scheduler.Schedule(delay, () => CloseIfOpen(mine));
                    }
                }
            }

            void CloseIfOpen(List<T> which)
            {
                lock (gate)
                {
                    if (open == which)
                    {
                        Close();
                    }
                }
            }

            void End(Action last)
            {
                lock (gate)
                {
                    last();
                }
            }

            var subscription = source.Subscribe(
                Add,
                error => End(() =>
                {
                    open = null;
                    observer.OnError(error);
                }),
                () => End(() =>
                {
                    Close();
                    observer.OnCompleted();
                }));
            return new CompositeDisposable(subscription, timer);
        });
}
