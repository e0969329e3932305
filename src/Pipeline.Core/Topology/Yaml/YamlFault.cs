using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Topology.Yaml;

/// <summary>The text is no YAML that we take; ends the reading of it.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place and caught in one place: it always has a position.")]
internal sealed class YamlFault(Position position, string message, string hint = "") : Exception(message)
{
    public Position Position { get; } = position;

    public string Hint { get; } = hint;
}
