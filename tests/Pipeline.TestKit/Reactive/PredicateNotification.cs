using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>An expectation that stands for many notifications: it can be compared and printed, never played.</summary>
internal abstract class PredicateNotification<T> : Notification<T>
{
    private const string OnlyExpected = "A predicate is an expectation; it has no value to play.";

    public override T Value => throw new InvalidOperationException(OnlyExpected);

    public override bool HasValue => throw new InvalidOperationException(OnlyExpected);

    public override Exception? Exception => throw new InvalidOperationException(OnlyExpected);

    public override void Accept(IObserver<T> observer) => throw new InvalidOperationException(OnlyExpected);

    public override TResult Accept<TResult>(IObserver<T, TResult> observer) => throw new InvalidOperationException(OnlyExpected);

    public override void Accept(Action<T> onNext, Action<Exception> onError, Action onCompleted) =>
        throw new InvalidOperationException(OnlyExpected);

    public override TResult Accept<TResult>(
        Func<T, TResult> onNext, Func<Exception, TResult> onError, Func<TResult> onCompleted) =>
        throw new InvalidOperationException(OnlyExpected);

    public override bool Equals(object? obj) => Equals(obj as Notification<T>);

    // All predicates may equal one another's matches, so they share a hash.
    public override int GetHashCode() => 0;
}
