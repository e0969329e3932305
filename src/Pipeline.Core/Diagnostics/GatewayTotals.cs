namespace Pipeline.Core.Diagnostics;

/// <summary>Sums of a gateway since its start, over the clients there are and were.</summary>
public readonly record struct GatewayTotals
{
    /// <summary>Records taken from Kafka.</summary>
    public long Records { get; init; }

    /// <summary>Records of a writer that was taken over from, left out.</summary>
    public long StaleRecords { get; init; }

    /// <summary>Records that are not understood, left out.</summary>
    public long MalformedRecords { get; init; }

    /// <summary>Messages handed to clients' outboxes.</summary>
    public long Deliveries { get; init; }

    /// <summary>Messages sent.</summary>
    public long Messages { get; init; }

    /// <summary>Bytes sent, with frames.</summary>
    public long Bytes { get; init; }

    /// <summary>Waiting messages that a newer one replaced.</summary>
    public long Conflated { get; init; }

    /// <summary>Waiting messages let go.</summary>
    public long Dropped { get; init; }

    /// <summary>Bytes that wait now.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Messages received from clients.</summary>
    public long Requests { get; init; }

    /// <summary>Error messages to clients, breaches of the protocol and failures in serving one.</summary>
    public long Faults { get; init; }

    /// <summary>Streams subscribed to now, one for each client and stream.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Clients that may be connected.</summary>
    public long MaxConnections { get; init; }

    /// <summary>Whether it can serve.</summary>
    public bool IsReady { get; init; }
}
