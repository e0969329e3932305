namespace Pipeline.Core.Topology.Yaml;

internal sealed record MappingEntry(string Key, Position KeyPosition, Node Value);
