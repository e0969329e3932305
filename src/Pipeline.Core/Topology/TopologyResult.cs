namespace Pipeline.Core.Topology;

/// <summary>Either a topology, or everything that is wrong with its file.</summary>
/// <param name="File">The topology; null when there are errors.</param>
/// <param name="Errors">All errors in order of place; empty when there is a topology.</param>
public sealed record TopologyResult(TopologyFile? File, IReadOnlyList<TopologyError> Errors)
{
    /// <summary>The topology, for a caller that has looked at <see cref="Errors"/>.</summary>
    /// <exception cref="InvalidOperationException">There are errors.</exception>
    public TopologyFile Require() => File ?? throw new InvalidOperationException(string.Join(Environment.NewLine, Errors));
}
