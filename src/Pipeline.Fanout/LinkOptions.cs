namespace Pipeline.Fanout;

/// <summary>Limits of one link.</summary>
public sealed record LinkOptions
{
    /// <summary>What holds where nothing else is said.</summary>
    public static LinkOptions Default { get; } = new();

    /// <summary>Largest message taken from the client, in bytes; beyond it the link is closed with 1009.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes that may wait for the client before it counts as slow.</summary>
    public int OutboxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Waiting messages from which on conflatable ones are conflated.</summary>
    public int ConflateFrom { get; init; } = 100;

    /// <summary>Age of the oldest waiting required message at which a client is cut.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Ping of the WebSocket protocol; zero = none (a protocol above has its own).</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Neither a frame nor a pong for so long = dead; zero = never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the close handshake may take before the connection is broken off.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether permessage-deflate is granted to a client that offers it.</summary>
    public bool Compression { get; init; }

    /// <summary>Closing code and text for a client that is slow; the text may carry advice.</summary>
    public LinkClosure SlowClosure { get; init; } = new(1008, "slow", false);

    /// <summary>Closing code and text for a client that is silent.</summary>
    public LinkClosure IdleClosure { get; init; } = new(1008, "idle", false);

    /// <summary>
    /// Closing texts, by code, in place of the link's own words for what it decides by itself: 1002 and 1007 (what came is no WebSocket
    /// message), 1009 (it is too large), 1011 (the handler failed).
    /// </summary>
    public IReadOnlyDictionary<int, string> Reasons { get; init; } = new Dictionary<int, string>();
}
