using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A key of a section, as far as one need not know what the section becomes.</summary>
internal abstract record SectionKey(string Name, ValueShape Shape, bool IsRequired, string Description, JsonNode? Default);
