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

    /// <summary>
    /// Messages that the clients of one address may send each second, on <c>/ws</c> and to the candle service together, and five times as many
    /// at once. Default 4,000: as many as 200 clients that send all they may.
    /// </summary>
    public int MaxMessagesPerSecondPerAddress { get; init; } = 4000;

    /// <summary>
    /// Streams that the clients of one address may have at a time, one for each client and stream; a room of the candle service is one too.
    /// Default 500,000: as many as 100 clients that have all they may.
    /// </summary>
    public int MaxStreamsPerAddress { get; init; } = 500_000;

    /// <summary>WebSockets that one address may have open at a time. Default 2,000.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 2000;

    /// <summary>Connections that one address may open each second, and ten times as many at once. Default 200.</summary>
    public int MaxConnectsPerSecond { get; init; } = 200;

    /// <summary>HTTP requests that one address may make each second, those of polling among them, and ten times as many at once. Default 500.</summary>
    public int MaxRequestsPerSecond { get; init; } = 500;

    /// <summary>
    /// Connections that one address may have, whatever they are for, counted before anything is read from them. Null, the default = 500 more
    /// than <see cref="MaxConnectionsPerAddress"/>.
    /// </summary>
    public int? MaxSocketsPerAddress { get; init; }

    /// <summary>The same for an address of <see cref="GatewayOptions.TrustedProxies"/>. Null, the default = any number.</summary>
    public int? MaxSocketsPerProxy { get; init; }

    /// <summary>How long the address of a client that was cut for what it sent is refused. Default 10 s.</summary>
    public TimeSpan Penalty { get; init; } = TimeSpan.FromSeconds(10);
}
