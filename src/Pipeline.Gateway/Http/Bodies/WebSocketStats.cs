using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/websocket/stats</c>. Times in microseconds since the Unix epoch.</summary>
internal sealed record WebSocketStats
{
    [Description("Clients that have connected since the start, to /ws or the candle service.")]
    public required long TotalConnections { get; init; }

    [Description("Clients that are connected now: as many as connections=1 lists, page by page.")]
    public required int ActiveConnections { get; init; }

    [Description("Streams that these clients are subscribed to, one for each client and stream; rooms at the candle service.")]
    public required long TotalSubscriptions { get; init; }

    [Description("Mean age of a connection, those that have ended among them; milliseconds.")]
    public required double AverageConnectionDuration { get; init; }

    [Description("Messages handed to clients since the start.")]
    public required long MessagesForwarded { get; init; }

    [Description("Errors told to clients, and handshakes and requests refused, since the start.")]
    public required long ErrorsEncountered { get; init; }

    [Description("When a record last came or a client last sent something; microseconds since the Unix epoch, UTC; null before the first.")]
    public required long? LastActivity { get; init; }

    [Description("The clients; only with connections=1.")]
    public IReadOnlyList<ClientBody>? Connections { get; init; }

    [Description("Position of the first client listed; only with connections=1.")]
    public int? Offset { get; init; }
}
