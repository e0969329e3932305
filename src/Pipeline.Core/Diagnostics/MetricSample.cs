namespace Pipeline.Core.Diagnostics;

/// <summary>One figure at one instant.</summary>
/// <param name="Name">Instrument name, such as <c>pipeline.feed.frames</c>.</param>
/// <param name="Tag">Value of its one tag; empty when it has none.</param>
/// <param name="Detail">Value of its second tag; empty when it has none.</param>
public readonly record struct MetricSample(string Name, string Tag, string Detail, long Value);
