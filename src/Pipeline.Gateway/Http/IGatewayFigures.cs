using System.Diagnostics.Metrics;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Http;

/// <summary>What the HTTP API answers from. For any thread.</summary>
internal interface IGatewayFigures
{
    PipelineMetrics Metrics { get; }

    /// <summary>Meters of libraries whose figures belong to the gateway's.</summary>
    IEnumerable<Meter> Meters { get; }

    /// <summary>From a record's production to its being handed to clients.</summary>
    LatencyHistogram Latency { get; }

    /// <summary>One turn of records: finding their clients and handing them over.</summary>
    LatencyHistogram MatchTime { get; }

    /// <summary>Sums over all clients.</summary>
    WebSocketStats Stats => StatsOf(Sessions);

    WebSocketMetrics Performance { get; }

    /// <summary>Age of the gateway.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Whether it can serve: everything that was in the log at the start has been read, and it does not stop.</summary>
    bool IsReady { get; }

    /// <summary>Clients of <c>/ws</c> and of the candle service, in the order they came.</summary>
    IReadOnlyList<SessionRow> Sessions { get; }

    /// <summary>Sums over all clients, which fit these rows of them.</summary>
    WebSocketStats StatsOf(IReadOnlyList<SessionRow> sessions);

    WebSocketHealth Health { get; }

    GatewayReadiness Readiness { get; }

    /// <summary>What names stand for.</summary>
    IInstrumentFinder Instruments { get; }

    /// <summary>Writes every outbox and lets go what is held back.</summary>
    FlushAnswer Flush();

    /// <summary>Disconnects the client of an id, as its row has it; false when there is none.</summary>
    bool Disconnect(string id);

    /// <summary>What the hub wrote down last, of streams, collectors and holes: nobody who asks costs it anything.</summary>
    /// <exception cref="HubUnavailableException">It has written nothing yet.</exception>
    HubBoard ReadBoard();
}
