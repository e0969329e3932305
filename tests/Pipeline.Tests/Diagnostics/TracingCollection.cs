namespace Pipeline.Tests.Diagnostics;

/// <summary>Listeners hear all traces of the process: one such test at a time, and nothing beside it.</summary>
[CollectionDefinition(nameof(TracingCollection), DisableParallelization = true)]
public sealed class TracingCollection;
