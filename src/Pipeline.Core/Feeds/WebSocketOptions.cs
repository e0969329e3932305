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

    /// <summary>Largest frame kept whole; the rest of a larger one is discarded and the frame dead-lettered. Default 8 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Kernel receive buffer; megabytes there would be seconds of stale data. Default 256 KiB.</summary>
    public int ReceiveBufferBytes { get; init; } = 256 * 1024;
}
