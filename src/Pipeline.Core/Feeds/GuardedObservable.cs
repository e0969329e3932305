namespace Pipeline.Core.Feeds;

/// <summary>
/// Keeps a shared stream safe from its observers: one that throws is counted and stays subscribed, the source and the other observers
/// never notice. Not made with <c>Observable.Create</c>, which would detach an observer that threw.
/// </summary>
internal sealed class GuardedObservable<T>(IObservable<T> source, Action<Exception> onObserverError) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return source.Subscribe(new Guard(observer, onObserverError));
    }

    private sealed class Guard(IObserver<T> observer, Action<Exception> onObserverError) : IObserver<T>
    {
        public void OnNext(T value)
        {
            try
            {
                observer.OnNext(value);
            }
            catch (Exception error)
            {
                onObserverError(error);
            }
        }

        public void OnError(Exception error)
        {
            try
            {
                observer.OnError(error);
            }
            catch (Exception thrown)
            {
                onObserverError(thrown);
            }
        }

        public void OnCompleted()
        {
            try
            {
                observer.OnCompleted();
            }
            catch (Exception error)
            {
                onObserverError(error);
            }
        }
    }
}
