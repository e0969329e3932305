using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>Spells expected notifications; test classes derive from it or import it statically.</summary>
public class ReactiveTest
{
    /// <summary>When <see cref="TestScheduler.Start{T}(Func{IObservable{T}})"/> makes the observable.</summary>
    public const long Created = 100;

    /// <summary>When it subscribes.</summary>
    public const long Subscribed = 200;

    /// <summary>When it disposes the subscription.</summary>
    public const long Disposed = 1000;

    public static Recorded<Notification<T>> OnNext<T>(long ticks, T value) => new(ticks, Notification.CreateOnNext(value));

    /// <summary>Equals any value at that time for which <paramref name="predicate"/> holds; usable as expectation only.</summary>
    public static Recorded<Notification<T>> OnNext<T>(long ticks, Func<T, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new Recorded<Notification<T>>(ticks, new OnNextPredicate<T>(predicate));
    }

    public static Recorded<Notification<T>> OnCompleted<T>(long ticks) => new(ticks, Notification.CreateOnCompleted<T>());

    /// <summary>The same; <paramref name="witness"/> only tells the compiler the type.</summary>
    public static Recorded<Notification<T>> OnCompleted<T>(long ticks, T witness)
    {
        _ = witness;
        return OnCompleted<T>(ticks);
    }

    public static Recorded<Notification<T>> OnError<T>(long ticks, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new Recorded<Notification<T>>(ticks, Notification.CreateOnError<T>(exception));
    }

    /// <summary>Equals any error at that time for which <paramref name="predicate"/> holds; usable as expectation only.</summary>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new Recorded<Notification<T>>(ticks, new OnErrorPredicate<T>(predicate));
    }

    /// <summary>The same; <paramref name="witness"/> only tells the compiler the type.</summary>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Exception exception, T witness)
    {
        _ = witness;
        return OnError<T>(ticks, exception);
    }

    /// <summary>The same; <paramref name="witness"/> only tells the compiler the type.</summary>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Func<Exception, bool> predicate, T witness)
    {
        _ = witness;
        return OnError<T>(ticks, predicate);
    }

    public static Subscription Subscribe(long start, long end) => new(start, end);

    public static Subscription Subscribe(long start) => new(start);
}
