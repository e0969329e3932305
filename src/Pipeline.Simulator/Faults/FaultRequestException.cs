using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Simulator.Faults;

/// <summary>What was asked for is not possible; the message says what is.</summary>
internal sealed class FaultRequestException(Position at, string message) : Exception(message)
{
    /// <summary>Line and column in the text.</summary>
    public Position At { get; } = at;
}
