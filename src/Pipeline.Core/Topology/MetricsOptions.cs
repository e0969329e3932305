namespace Pipeline.Core.Topology;

/// <summary>Where figures and traces are sent, beside <c>/metrics</c>, which is always there.</summary>
public sealed record MetricsOptions
{
    /// <summary>An OpenTelemetry collector's OTLP receiver, HTTP with Protobuf; null = nothing is sent. Default null.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>How often figures are sent. Default 15 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Part of the batches that are traced, 0 to 1; 0 = none. Default 0.</summary>
    public double TraceRatio { get; init; }
}
