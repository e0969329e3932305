using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A key of a section that becomes a <typeparamref name="TOwner"/>.</summary>
internal abstract record OwnedKey<TOwner>(string Name, ValueShape Shape, bool IsRequired, string Description, JsonNode? Default)
    : SectionKey(Name, Shape, IsRequired, Description, Default)
{
    /// <summary>The owner with this key's value in it, or as it was when errors were reported.</summary>
    public abstract TOwner Apply(ReadScope scope, TOwner owner, Node node, string path);
}
