namespace Pipeline.Core.Feeds;

/// <summary>A span of every day, UTC; one that ends before it begins spans midnight.</summary>
public readonly record struct DailyWindow(TimeOnly From, TimeOnly To)
{
    public bool Contains(DateTimeOffset time) => TimeOnly.FromDateTime(time.UtcDateTime).IsBetween(From, To);

    public override string ToString() => FormattableString.Invariant($"{From:HH:mm}-{To:HH:mm}Z");
}
