namespace Pipeline.Core.Topology.Yaml;

/// <param name="Entries">Keys as written, in order; a key that was written twice is here twice.</param>
internal sealed record MappingNode(Position Position, IReadOnlyList<MappingEntry> Entries, int Size) : Node(Position, Size);
