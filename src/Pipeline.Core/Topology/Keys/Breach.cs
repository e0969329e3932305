namespace Pipeline.Core.Topology.Keys;

/// <summary>A rule between keys that does not hold.</summary>
/// <param name="Key">Where to report it, below the section of the rule.</param>
internal sealed record Breach(string Key, string Message, string Hint)
{
    /// <summary>The other key concerned, whose place is shown when <see cref="Key"/> was left out and has its default.</summary>
    public string? Other { get; init; }
}
