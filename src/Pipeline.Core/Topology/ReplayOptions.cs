namespace Pipeline.Core.Topology;

/// <summary>A recording that the simulator replays once to each connection.</summary>
public sealed record ReplayOptions
{
    /// <summary>Name of a recording in the recordings folder, or a path without <c>.jsonl.gz</c>.</summary>
    public required string Recording { get; init; }

    /// <summary>Times as fast as recorded; 0 = as fast as the connection takes it. Default 1.</summary>
    public double Speed { get; init; } = 1;
}
