namespace Pipeline.Core.Topology.Keys;

/// <summary>A rule between keys of a section.</summary>
/// <param name="Keys">Keys it looks at: when one of them could not be read, the rule is not asked.</param>
internal sealed record Rule<T>(IReadOnlyList<string> Keys, Func<T, IEnumerable<Breach>> Check);
