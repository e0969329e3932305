namespace Pipeline.Core.Diagnostics;

/// <summary>Which process a figure is about. Others leave it out while it has no value: there it would be zero for ever.</summary>
public enum MetricOwner
{
    /// <summary>Every process has it.</summary>
    Every,

    Collector,

    Gateway,
}
