using System.Reactive;

namespace Microsoft.Reactive.Testing;

internal sealed class OnNextPredicate<T>(Func<T, bool> predicate) : PredicateNotification<T>
{
    public override NotificationKind Kind => NotificationKind.OnNext;

    public override bool Equals(Notification<T>? other) =>
        ReferenceEquals(this, other)
        || (other is { Kind: NotificationKind.OnNext } and not PredicateNotification<T> && predicate(other.Value));

    public override string ToString() => "OnNext(predicate)";
}
