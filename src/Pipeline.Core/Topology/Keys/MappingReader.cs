using System.Diagnostics.CodeAnalysis;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>What all mappings have in common: they must be mappings, and a key may stand in them once.</summary>
internal static class MappingReader
{
    /// <summary>Gives each key once, in order, its place noted; a repeated one is reported and left out.</summary>
    public static bool TryOpen(ReadScope scope, Node node, string key, [NotNullWhen(true)] out IReadOnlyList<MappingEntry>? entries)
    {
        entries = null;
        if (node is not MappingNode mapping)
        {
            var isEmpty = node is ScalarNode { IsNull: true };
            scope.Fail(
                key, node.Position, isEmpty ? "the section is empty" : "this must be a section of keys",
                isEmpty ? "write {} for its defaults, or remove the key" : "write key: value below it, indented");
            return false;
        }

        var once = new Dictionary<string, MappingEntry>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var path = key.Length == 0 ? entry.Key : $"{key}.{entry.Key}";
            if (once.TryAdd(entry.Key, entry))
            {
                scope.Enter(path, entry.KeyPosition, entry.Value.Position);
            }
            else
            {
                scope.Fail(path, entry.KeyPosition, "the key is here twice",
                    $"it stands in line {once[entry.Key].KeyPosition.Line} too: remove one");
            }
        }

        entries = [.. once.Values];
        return true;
    }
}
