namespace Pipeline.Core.Topology.Yaml;

/// <summary>A piece of a YAML document, with the place where it starts.</summary>
/// <param name="Size">Nodes in it, itself and everything behind its aliases included.</param>
internal abstract record Node(Position Position, int Size);
