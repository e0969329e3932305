using System.Globalization;

namespace Microsoft.Reactive.Testing;

/// <summary>A value and the virtual time, in ticks, it was produced at.</summary>
public readonly struct Recorded<T>(long time, T value) : IEquatable<Recorded<T>>
{
    public long Time { get; } = time;

    public T Value { get; } = value;

    public static bool operator ==(Recorded<T> left, Recorded<T> right) => left.Equals(right);

    public static bool operator !=(Recorded<T> left, Recorded<T> right) => !left.Equals(right);

    // Left to right on purpose: an expected predicate notification decides, whatever the actual one is.
    public bool Equals(Recorded<T> other) => Time == other.Time && EqualityComparer<T>.Default.Equals(Value, other.Value);

    public override bool Equals(object? obj) => obj is Recorded<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Time, Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}@{Time}");
}
