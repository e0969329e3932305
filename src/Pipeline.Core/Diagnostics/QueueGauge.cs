namespace Pipeline.Core.Diagnostics;

/// <summary>A place where data can wait: its name, how much waits there now and how much may.</summary>
public sealed record QueueGauge(string Name, Func<long> Length, long Capacity);
