namespace Pipeline.Core.Topology.Yaml;

internal sealed record SequenceNode(Position Position, IReadOnlyList<Node> Items, int Size) : Node(Position, Size);
