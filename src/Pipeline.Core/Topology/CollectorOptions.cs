namespace Pipeline.Core.Topology;

/// <summary>The collector's own HTTP port.</summary>
public sealed record CollectorOptions
{
    /// <summary>Address and port of <c>/livez</c>, <c>/readyz</c> and <c>/statistics</c>. Default <c>http://127.0.0.1:8081</c>.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8081");
}
