using System.Globalization;

namespace Microsoft.Reactive.Testing;

/// <summary>When an observer subscribed to a test observable and when it left, in ticks of virtual time.</summary>
public readonly struct Subscription(long subscribe, long unsubscribe) : IEquatable<Subscription>
{
    /// <summary>Time of leaving of a subscription that has not ended.</summary>
    public const long Infinite = long.MaxValue;

    public Subscription(long subscribe)
        : this(subscribe, Infinite)
    {
    }

    public long Subscribe { get; } = subscribe;

    public long Unsubscribe { get; } = unsubscribe;

    public static bool operator ==(Subscription left, Subscription right) => left.Equals(right);

    public static bool operator !=(Subscription left, Subscription right) => !left.Equals(right);

    public bool Equals(Subscription other) => Subscribe == other.Subscribe && Unsubscribe == other.Unsubscribe;

    public override bool Equals(object? obj) => obj is Subscription other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Subscribe, Unsubscribe);

    public override string ToString() => Unsubscribe == Infinite
        ? string.Create(CultureInfo.InvariantCulture, $"({Subscribe}, Infinite)")
        : string.Create(CultureInfo.InvariantCulture, $"({Subscribe}, {Unsubscribe})");
}
