namespace Pipeline.Core.Topology.Keys;

/// <summary>Which keys a map may have.</summary>
/// <param name="Noun">What a key names, such as "venue".</param>
/// <param name="Example">A good key, for hints and the reference.</param>
internal sealed record MapNames(string Noun, string Example)
{
    /// <summary>The only keys allowed; empty = any that fits the pattern.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    public string Pattern { get; init; } = "^.+$";

    public int Minimum { get; init; }
}
