namespace Pipeline.Core.Feeds;

/// <summary>How a connection is kept.</summary>
public sealed record WebSocketOptions
{
    /// <summary>Whether a lost connection is opened again. Default true.</summary>
    public bool AutoReconnect { get; init; } = true;

    /// <summary>Attempts in a row before giving up; -1 = for ever. Default -1.</summary>
    public int MaxReconnectAttempts { get; init; } = -1;

    /// <summary>First pause of the back-off. Default 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause of the back-off. Default 300 s.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Factor between two pauses. Default 2.</summary>
    public double BackoffMultiplier { get; init; } = 2;

    /// <summary>How long connecting and the handshake may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Age at which a connection is replaced, give or take a twentieth, so that not all are at once. Must lie below the venue's own limit.
    /// Default 23 h.
    /// </summary>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromHours(23);

    /// <summary>
    /// Hours of the day in which connections are replaced for their age; one that would not live until the next window is replaced
    /// before. Default: at any time.
    /// </summary>
    public DailyWindow? RotationWindow { get; init; }

    /// <summary>How long a stream may take to prove that the replacement carries it; a quiet one counts as proven then. Default 15 s.</summary>
    public TimeSpan OverlapTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a replacement may take to be subscribed; then the old connection is kept and it is tried again. Default 60 s.</summary>
    public TimeSpan ReplacementTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Silence after which a busy connection is suspected. Default 2 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Least silence after which a stream is suspected, however lively it was. Default 10 s.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which a stream is looked after, however quiet it was. Default 5 min.</summary>
    public TimeSpan IdleCeiling { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest time between two looks at a connection and its streams. Default 30 s.</summary>
    public TimeSpan HealthCheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may wait for room behind it; then it is closed, and opened again when there is room. Default 10 s.</summary>
    public TimeSpan PauseLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether compression is offered to the venue. Default false: it costs processor time, and few venues take it.</summary>
    public bool Compression { get; init; }

    /// <summary>Largest frame kept whole; the rest of a larger one is discarded and the frame dead-lettered. Default 8 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Kernel receive buffer; megabytes there would be seconds of stale data. Default 256 KiB.</summary>
    public int ReceiveBufferBytes { get; init; } = 256 * 1024;
}
