using System.Reactive;
using System.Reactive.Disposables;

namespace Microsoft.Reactive.Testing;

/// <summary>Plays its messages to each observer anew, at times relative to its subscription.</summary>
internal sealed class ColdObservable<T>(TestScheduler scheduler, params Recorded<Notification<T>>[] messages) : ITestableObservable<T>
{
    public IList<Subscription> Subscriptions { get; } = [];

    public IList<Recorded<Notification<T>>> Messages { get; } = messages;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Subscriptions.Add(new Subscription(scheduler.Clock));
        var index = Subscriptions.Count - 1;
        var subscription = new CompositeDisposable();
        foreach (var message in messages)
        {
            subscription.Add(scheduler.ScheduleRelative(message.Value, message.Time, (_, notification) =>
            {
                notification.Accept(observer);
                return Disposable.Empty;
            }));
        }

        subscription.Add(Disposable.Create(() =>
            Subscriptions[index] = new Subscription(Subscriptions[index].Subscribe, scheduler.Clock)));
        return subscription;
    }
}
