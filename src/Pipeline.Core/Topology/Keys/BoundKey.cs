using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A key, its shape and the property it sets.</summary>
internal sealed record BoundKey<TOwner, TValue>(
    string Name, TypedShape<TValue> Typed, bool IsRequired, string Description, JsonNode? Default, Func<TOwner, TValue, TOwner> Set)
    : OwnedKey<TOwner>(Name, Typed, IsRequired, Description, Default)
{
    public override TOwner Apply(ReadScope scope, TOwner owner, Node node, string path) =>
        Typed.TryRead(scope, node, path, out var value) ? Set(owner, value) : owner;
}
