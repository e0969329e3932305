namespace Pipeline.Core.Topology;

/// <summary>What one client, and one address, may do at the gateway.</summary>
public sealed record GatewayLimits
{
    /// <summary>Largest message taken from a client, in bytes. Default 64 KiB.</summary>
    public long MaxMessageBytes { get; init; } = 64 * 1024;

    /// <summary>Filters that a client may have at a time. Default 100.</summary>
    public int MaxFilters { get; init; } = 100;

    /// <summary>Streams that a client may have at a time. Default 5,000.</summary>
    public int MaxStreams { get; init; } = 5000;

    /// <summary>Messages that a client may send each second, and five times as many at once. Default 20.</summary>
    public int MaxMessagesPerSecond { get; init; } = 20;

    /// <summary>WebSockets that one address may have open at a time. Default 2,000.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 2000;

    /// <summary>Connections that one address may open each second, and ten times as many at once. Default 200.</summary>
    public int MaxConnectsPerSecond { get; init; } = 200;

    /// <summary>How long the address of a client that was cut for what it sent is refused. Default 10 s.</summary>
    public TimeSpan Penalty { get; init; } = TimeSpan.FromSeconds(10);
}
