namespace Pipeline.EndToEndTests.Chaos;

/// <summary>What the collector counted from one beginning to the next, as far as it was seen. Times are microseconds since the Unix epoch.</summary>
internal sealed class ChaosLife
{
    /// <summary>When its counters began at nothing.</summary>
    public long Start { get; set; } = long.MaxValue;

    /// <summary>When it was seen to be over.</summary>
    public long End { get; set; } = long.MaxValue;

    /// <summary>The newest look at it.</summary>
    public IReadOnlyDictionary<(string Name, string Tag, string Detail), long> Counters { get; set; } =
        new Dictionary<(string Name, string Tag, string Detail), long>();

    /// <summary>Sum over what fits.</summary>
    public long Sum(string name, string? tag = null, Func<string, bool>? detail = null) => Counters
        .Where(one => one.Key.Name == name && (tag is null || one.Key.Tag == tag) && (detail is null || detail(one.Key.Detail))).Sum(one => one.Value);
}
