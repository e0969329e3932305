using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/websocket/health</c>.</summary>
internal sealed record WebSocketHealth
{
    [Description("healthy; degraded: it serves, and something is not as it should be; unhealthy: it cannot serve.")]
    public required string Status { get; init; }

    [Description("Clients that are connected now.")]
    public required int Connections { get; init; }

    [Description("Age of the gateway, seconds.")]
    public required double Uptime { get; init; }

    [Description("The newest error; null when there was none.")]
    public required LastErrorBody? LastError { get; init; }

    public required PerformanceBody Performance { get; init; }

    [Description("Why the status is not healthy; empty when it is.")]
    public required IReadOnlyList<string> Reasons { get; init; }
}
