using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/websocket/metrics</c>.</summary>
internal sealed record WebSocketMetrics
{
    [Description("From a record's production to its being handed to clients.")]
    public required QuantilesBody Latency { get; init; }

    [Description("One turn of at most 256 records: finding their clients and handing them over.")]
    public required QuantilesBody MatchTime { get; init; }

    public required RatesBody Rates { get; init; }

    [Description("Clients that are connected now.")]
    public required int Connections { get; init; }

    [Description("Records taken from Kafka since the start.")]
    public required long Records { get; init; }

    [Description("Messages handed to clients since the start.")]
    public required long Messages { get; init; }

    [Description("Their payload, bytes.")]
    public required long Bytes { get; init; }

    [Description("Bytes that wait for clients now.")]
    public required long WaitingBytes { get; init; }

    [Description("Errors since the start, by code.")]
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    [Description("Clients that have gone since the start, by close code.")]
    public required IReadOnlyDictionary<string, long> Disconnects { get; init; }

    [Description("Waiting messages that a newer one replaced, since the start.")]
    public required long Conflated { get; init; }

    [Description("Waiting messages let go with their client, since the start.")]
    public required long Dropped { get; init; }

    [Description("Cores in use, of the last ten seconds: 1.5 is one and a half.")]
    public required double Cpu { get; init; }

    [Description("Working set of the process, bytes.")]
    public required long Memory { get; init; }
}
