namespace Pipeline.Core.Diagnostics;

/// <summary>What a figure is: see <see cref="MetricSample"/>.</summary>
/// <param name="Unit">As OpenTelemetry writes it: <c>By</c>, <c>{frame}</c>.</param>
/// <param name="TagName">Name of its one tag, such as <c>venue</c>; empty when it has none.</param>
/// <param name="DetailName">Name of its second tag; empty when it has none.</param>
/// <param name="IsCounter">It only rises; else it is how much there is now.</param>
public sealed record MetricFamily(string Name, string Unit, string Description, string TagName, string DetailName, bool IsCounter);
