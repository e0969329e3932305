using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A shape whose values are read as <typeparamref name="T"/>.</summary>
internal abstract class TypedShape<T> : ValueShape
{
    /// <summary>Reads the value of <paramref name="key"/>; false when errors were reported instead.</summary>
    public abstract bool TryRead(ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out T value);

    public sealed override JsonNode? ToJson(object? value) => value is T typed ? Write(typed) : null;

    protected virtual JsonNode? Write(T value) => null;
}
