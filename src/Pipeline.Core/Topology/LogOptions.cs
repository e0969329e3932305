namespace Pipeline.Core.Topology;

/// <summary>How the log is written.</summary>
public sealed record LogOptions
{
    /// <summary>Default text.</summary>
    public LogFormat Format { get; init; }
}
