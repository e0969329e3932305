namespace Pipeline.SocketIo.Diagnostics;

/// <summary>Counts of one moment, all since the server was made.</summary>
public sealed record SocketIoStatistics
{
    /// <summary>Engine.IO sessions opened and closed.</summary>
    public long Opened { get; init; }

    public long Closed { get; init; }

    /// <summary>Requests refused with an error of the protocol.</summary>
    public long Refused { get; init; }

    /// <summary>Sessions that went from polling to a WebSocket.</summary>
    public long Upgraded { get; init; }

    public long MessagesReceived { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>Events emitted, each encoded once.</summary>
    public long EventsEmitted { get; init; }

    /// <summary>Events times the clients that took them into their outbox.</summary>
    public long EventsDelivered { get; init; }

    /// <summary>Connections that went on where they broke.</summary>
    public long Recovered { get; init; }

    /// <summary>Events of clients dropped for their rate.</summary>
    public long RateLimited { get; init; }

    /// <summary>Exceptions of the application's own handlers.</summary>
    public long HandlerErrors { get; init; }
}
