namespace Pipeline.Core.Feeds;

/// <summary>What a venue allows, as data. Each adapter states source and date of its values.</summary>
public sealed record VenueLimits
{
    /// <summary>Most streams on one connection.</summary>
    public required int MaxStreamsPerConnection { get; init; }

    /// <summary>Most connections one pool opens; twins of a rotation come on top. Default 20.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>Most connection attempts from one address, over all pools; null where the venue sets no such limit.</summary>
    public RateLimit? ConnectAttempts { get; init; }

    /// <summary>Age at which the venue itself ends a connection; null where it does not.</summary>
    public TimeSpan? MaxConnectionAge { get; init; }

    /// <summary>Most requests we send in any second on one connection.</summary>
    public required int MaxMessagesPerSecond { get; init; }

    /// <summary>Most requests in any hour on one connection; null where the venue sets no such limit.</summary>
    public int? MaxRequestsPerHour { get; init; }

    /// <summary>Most stream names in one request.</summary>
    public required int MaxStreamsPerRequest { get; init; }

    /// <summary>A request stays below this size, in bytes of UTF-8.</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>How long an acknowledgement may take.</summary>
    public required TimeSpan AckTimeout { get; init; }
}
