using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>How fast, and how large.</summary>
internal sealed record PerformanceBody(
    [property: Description("Mean time from a record's production to its being handed to clients, milliseconds.")] double AvgLatency,
    [property: Description("Working set of the process, bytes.")] long MemoryUsage);
