using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Http;

/// <summary>What the HTTP API answers from. For any thread.</summary>
internal interface IGatewayFigures
{
    PipelineMetrics Metrics { get; }

    /// <summary>From a record's production to its being handed to clients.</summary>
    LatencyHistogram Latency { get; }

    /// <summary>One turn of records: finding their clients and handing them over.</summary>
    LatencyHistogram MatchTime { get; }

    WebSocketStats Stats { get; }

    WebSocketMetrics Performance { get; }

    /// <summary>Age of the gateway.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Whether it can serve: everything that was in the log at the start has been read, and it does not stop.</summary>
    bool IsReady { get; }

    /// <summary>Clients of <c>/ws</c>, in the order they came.</summary>
    IReadOnlyList<SessionRow> Sessions { get; }

    Task<WebSocketHealth> ReadHealthAsync(CancellationToken cancellation);

    Task<GatewayReadiness> ReadReadinessAsync(CancellationToken cancellation);

    /// <summary>Writes every outbox and lets go what is held back.</summary>
    FlushAnswer Flush();

    /// <exception cref="HubUnavailableException">The hub has ended, or is too busy.</exception>
    Task<IReadOnlyList<StreamRow>> ReadStreamsAsync(CancellationToken cancellation);

    /// <summary>What the collectors say of their venues.</summary>
    /// <exception cref="HubUnavailableException">The hub has ended, or is too busy.</exception>
    Task<IReadOnlyList<StatusRow>> ReadStatusAsync(CancellationToken cancellation);

    /// <inheritdoc cref="ReadStreamsAsync"/>
    Task<(IReadOnlyList<GapRow> Open, IReadOnlyList<GapRow> Recent)> ReadGapsAsync(CancellationToken cancellation);
}
