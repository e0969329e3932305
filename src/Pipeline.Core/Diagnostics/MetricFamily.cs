namespace Pipeline.Core.Diagnostics;

/// <summary>What a figure is: see <see cref="MetricSample"/>.</summary>
/// <param name="Unit">As OpenTelemetry writes it: <c>By</c>, <c>{frame}</c>; <c>us</c> and <c>ms</c> are told to others as seconds.</param>
/// <param name="TagName">Name of its one tag, such as <c>venue</c>; empty when it has none.</param>
/// <param name="DetailName">Name of its second tag; empty when it has none.</param>
/// <param name="IsCounter">It only rises; else it is how much there is now.</param>
public sealed record MetricFamily(string Name, string Unit, string Description, string TagName, string DetailName, bool IsCounter)
{
    public MetricOwner Owner { get; init; }

    /// <summary>A distribution: its buckets are read from the histograms, not from samples.</summary>
    public bool IsHistogram { get; init; }

    /// <summary>Units of a time in a second; null when it is no time.</summary>
    internal long? PerSecond => Unit switch
    {
        "us" => 1_000_000,
        "ms" => 1_000,
        _ => null,
    };

    /// <summary>The tags that have a value.</summary>
    internal KeyValuePair<string, object?>[] TagsOf(string tag, string detail) => (TagName.Length > 0, DetailName.Length > 0 && detail.Length > 0) switch
    {
        (true, true) => [new(TagName, tag), new(DetailName, detail)],
        (true, false) => [new(TagName, tag)],
        (false, true) => [new(DetailName, detail)],
        _ => [],
    };
}
