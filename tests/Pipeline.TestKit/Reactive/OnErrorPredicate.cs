using System.Reactive;

namespace Microsoft.Reactive.Testing;

internal sealed class OnErrorPredicate<T>(Func<Exception, bool> predicate) : PredicateNotification<T>
{
    public override NotificationKind Kind => NotificationKind.OnError;

    public override bool Equals(Notification<T>? other) =>
        ReferenceEquals(this, other)
        || (other is { Kind: NotificationKind.OnError } and not PredicateNotification<T> && predicate(other.Exception!));

    public override string ToString() => "OnError(predicate)";
}
