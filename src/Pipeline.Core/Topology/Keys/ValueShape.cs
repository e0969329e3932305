using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>What a value may be: written once, used to read it, to describe it to editors and to list it in the reference.</summary>
internal abstract class ValueShape
{
    /// <summary>What may be written, in a few words.</summary>
    public abstract string Summary { get; }

    /// <summary>The same as a JSON Schema, without description and default.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>A default as it would be written in the file; null = there is none to show.</summary>
    public abstract JsonNode? ToJson(object? value);
}
