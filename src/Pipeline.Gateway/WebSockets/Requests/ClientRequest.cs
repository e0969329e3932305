namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>A request of a client.</summary>
/// <param name="Op">What is wanted.</param>
/// <param name="Id">As JSON, to be told again in the answer; null when it has none.</param>
internal sealed record ClientRequest(RequestOp Op, string? Id)
{
    /// <summary>Name of the filter; null = all, or one that the gateway names.</summary>
    public string? FilterId { get; init; }

    public FilterSpec Filter { get; init; } = FilterSpec.All;

    /// <summary>Messages per second of those that may be conflated; 0 = no limit; null = as before.</summary>
    public double? MaxRate { get; init; }

    public ResumeSpec? Resume { get; init; }
}
