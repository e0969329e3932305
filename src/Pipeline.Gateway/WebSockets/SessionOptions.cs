namespace Pipeline.Gateway.WebSockets;

/// <summary>Limits of one client of <c>/ws</c>.</summary>
internal sealed record SessionOptions
{
    /// <summary>Filters a client may have. Default 100.</summary>
    public int MaxFilters { get; init; } = 100;

    /// <summary>Symbols in one filter. Default 1,000.</summary>
    public int MaxSymbols { get; init; } = 1000;

    /// <summary>Streams a client may have. Default 5,000.</summary>
    public int MaxStreams { get; init; } = 5000;

    /// <summary>Messages per second a client may send on average. Default 20.</summary>
    public double MessagesPerSecond { get; init; } = 20;

    /// <summary>Messages it may send at once. Default 100.</summary>
    public int MessageBurst { get; init; } = 100;

    /// <summary>How long a client that sends more is not listened to. Default 1 s, twice as long with each offence.</summary>
    public TimeSpan Penalty { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Offences, too many messages or bad ones, after which it is closed; one is forgotten every ten seconds. Default 10.</summary>
    public int MaxOffences { get; init; } = 10;

    /// <summary>Without a subscription for so long after connecting, or after the last was given up, a client is closed. Default 60 s.</summary>
    public TimeSpan SubscribeWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that may wait for a client while snapshots are sent to it: beyond, further streams are joined later. Default 1 MiB.</summary>
    public long SnapshotBytes { get; init; } = 1024 * 1024;
}
